//! From a file that somebody sent to one of ours: only the pixels survive.

use std::io::Cursor;

use domain::pictures::{Developed, PictureError, PictureFormat};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::error::ImageError;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// The longest edge that is read, in pixels.
const MAX_EDGE: u32 = 8_192;
/// The most pixels that are read: what a phone's camera makes.
const MAX_PIXELS: u64 = 50_000_000;
/// The most memory that a decoder may ask for, in bytes.
const MAX_MEMORY: u64 = 256 * 1_024 * 1_024;
/// The quality that JPEG pictures are written in, of 100.
const QUALITY: u8 = 85;

pub(super) fn develop(sent: &[u8], longest_edge: u32) -> Result<Developed, PictureError> {
    let format = format_of(sent)?;
    let picture = upright(sent, format)?;
    let picture = shrunk(picture, longest_edge.max(1));
    let bytes = written(&picture, format).map_err(|error| PictureError::Failed(error.into()))?;
    Ok(Developed { format, bytes })
}

/// By the first bytes, whatever the file is called.
fn format_of(sent: &[u8]) -> Result<PictureFormat, PictureError> {
    match image::guess_format(sent) {
        Ok(ImageFormat::Png) => Ok(PictureFormat::Png),
        Ok(ImageFormat::Jpeg) => Ok(PictureFormat::Jpeg),
        Ok(ImageFormat::WebP) => Ok(PictureFormat::Webp),
        Ok(_) | Err(_) => Err(PictureError::NotAPicture),
    }
}

fn upright(sent: &[u8], format: PictureFormat) -> Result<DynamicImage, PictureError> {
    let known = match format {
        PictureFormat::Png => ImageFormat::Png,
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Webp => ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(sent), known);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_EDGE);
    limits.max_image_height = Some(MAX_EDGE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unread(&error))?;
    let (width, height) = decoder.dimensions();
    // Asked of the head, before a single pixel is unpacked.
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(PictureError::TooManyPixels);
    }
    let orientation = decoder.orientation().map_err(|error| unread(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unread(&error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn unread(error: &ImageError) -> PictureError {
    if matches!(error, ImageError::Limits(_)) {
        PictureError::TooManyPixels
    } else {
        PictureError::NotAPicture
    }
}

/// Never enlarged, and never less than a pixel wide.
fn shrunk(picture: DynamicImage, longest_edge: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let longest = width.max(height);
    if longest <= longest_edge {
        return picture;
    }
    let scaled = |edge: u32| {
        let exact = u64::from(edge) * u64::from(longest_edge) / u64::from(longest);
        u32::try_from(exact).unwrap_or(longest_edge).max(1)
    };
    picture.resize_exact(scaled(width), scaled(height), FilterType::CatmullRom)
}

fn written(picture: &DynamicImage, format: PictureFormat) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    match format {
        PictureFormat::Jpeg => {
            let picture = picture.to_rgb8();
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))?;
        }
        PictureFormat::Png => {
            picture.to_rgba8().write_with_encoder(PngEncoder::new(&mut bytes))?;
        }
        PictureFormat::Webp => {
            picture.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut bytes))?;
        }
    }
    Ok(bytes)
}
