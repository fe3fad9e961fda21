//! Pictures of every kind that people send, and of the kinds that attackers do.

use image::{ImageBuffer, ImageEncoder, Rgb, RgbImage};

use super::*;
use domain::pictures::PictureFormat;

/// Left half red, right half blue.
fn two_halves(width: u32, height: u32) -> RgbImage {
    ImageBuffer::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) }
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new(&mut bytes)).unwrap();
    bytes
}

fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(image::codecs::png::PngEncoder::new(&mut bytes)).unwrap();
    bytes
}

fn webp(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::webp::WebPEncoder::new_lossless(&mut bytes);
    encoder
        .write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

/// The JPEG with an EXIF segment that says how it is to be turned, and where it was taken.
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend_from_slice(b"GPS 50.1N 8.6E");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

async fn developed(
    sent: Vec<u8>,
    edge: u32,
) -> Result<(PictureFormat, RgbImage, Vec<u8>), PictureError> {
    let Developed { format, bytes } = ImageStudio::default().develop(sent, edge).await?;
    let picture = image::load_from_memory(&bytes).unwrap().to_rgb8();
    Ok((format, picture, bytes))
}

#[tokio::test]
async fn each_format_stays_and_shrinks_to_fit() {
    let picture = two_halves(400, 200);
    for (sent, expected) in [
        (jpeg(&picture), PictureFormat::Jpeg),
        (png(&picture), PictureFormat::Png),
        (webp(&picture), PictureFormat::Webp),
    ] {
        let (format, made, _) = developed(sent, 125).await.unwrap();
        assert_eq!((format, made.dimensions()), (expected, (125, 62)));
        assert!(made.get_pixel(10, 30)[0] > 200 && made.get_pixel(115, 30)[2] > 200);
    }
}

#[tokio::test]
async fn a_small_picture_is_not_enlarged_and_a_thin_one_does_not_vanish() {
    let (_, made, _) = developed(png(&two_halves(30, 20)), 125).await.unwrap();
    assert_eq!(made.dimensions(), (30, 20));
    let (_, made, _) = developed(png(&two_halves(1, 5_000)), 125).await.unwrap();
    assert_eq!(made.dimensions(), (1, 125));
}

#[tokio::test]
async fn a_picture_is_turned_upright_and_tells_nothing_else() {
    // 6: to be turned by a quarter to the right. What was left is on top then.
    let sent = turned(&jpeg(&two_halves(200, 100)), 6);
    assert!(sent.windows(3).any(|part| part == b"GPS"));
    let (_, made, bytes) = developed(sent, 1_000).await.unwrap();
    assert_eq!(made.dimensions(), (100, 200));
    assert!(made.get_pixel(50, 10)[0] > 200 && made.get_pixel(50, 190)[2] > 200);
    assert!(!bytes.windows(3).any(|part| part == b"GPS" || part == b"Exi"));
}

#[tokio::test]
async fn what_hangs_behind_a_picture_is_left_behind() {
    let mut sent = png(&two_halves(20, 20));
    sent.extend_from_slice(b"<script>alert(1)</script>");
    let (_, _, bytes) = developed(sent, 125).await.unwrap();
    assert!(!bytes.windows(7).any(|part| part == b"<script"));
}

#[tokio::test]
async fn anything_else_is_no_picture() {
    let whole = png(&two_halves(64, 64));
    for sent in [
        Vec::new(),
        b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        b"\x89PNG\r\n\x1a\n".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        b"\xff\xd8\xff\xe0 not a jpeg".to_vec(),
        b"RIFF\0\0\0\0WEBPVP8 ".to_vec(),
    ] {
        let length = sent.len();
        assert!(
            matches!(developed(sent, 125).await, Err(PictureError::NotAPicture)),
            "{length} bytes"
        );
    }
}

#[tokio::test]
async fn a_bomb_is_refused_by_its_head() {
    let mut sent = png(&two_halves(1, 1));
    for (width, height) in [(60_000_u32, 60_000_u32), (8_000, 8_000), (1, 100_000)] {
        sent[16..20].copy_from_slice(&width.to_be_bytes());
        sent[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = crc32(&sent[12..29]);
        sent[29..33].copy_from_slice(&checksum.to_be_bytes());
        let refused = developed(sent.clone(), 125).await;
        assert!(
            matches!(refused, Err(PictureError::TooManyPixels)),
            "{width} x {height}: {:?}",
            refused.map(|_| ())
        );
    }
}

/// The checksum of a chunk of a PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 };
    let byte = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum));
    !bytes.iter().fold(u32::MAX, byte)
}
