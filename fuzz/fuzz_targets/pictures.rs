//! A picture that is accepted becomes one of the same format that fits, can be read again, and is not
//! read further than the limits allow.
#![no_main]

use domain::pictures::{PictureError, PictureFormat};
use image::ImageFormat;
use infra::pictures::develop_at_once;
use libfuzzer_sys::fuzz_target;

const EDGE: u32 = 64;

fuzz_target!(|sent: &[u8]| {
    let made = match develop_at_once(sent, EDGE) {
        Ok(made) => made,
        Err(PictureError::NotAPicture | PictureError::TooManyPixels) => return,
        Err(error) => panic!("{error:?}"),
    };
    let format = match made.format {
        PictureFormat::Png => ImageFormat::Png,
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Webp => ImageFormat::WebP,
    };
    let picture = image::load_from_memory_with_format(&made.bytes, format).unwrap();
    assert!((1..=EDGE).contains(&picture.width()) && (1..=EDGE).contains(&picture.height()));
    let again = develop_at_once(&made.bytes, EDGE).unwrap();
    assert_eq!(again.format, made.format);
    if format != ImageFormat::Jpeg {
        assert_eq!(again.bytes, made.bytes, "what was made is made once");
    }
});
