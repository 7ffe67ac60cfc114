//! Digests.

use super::encoding::encode_base64;
use super::signature::{Function, function, number, string};
use super::{Call, Made, STRING, wrong};
use proofmark_model::Known;
use sha2::{Digest, Sha256, Sha512};
use smol_str::format_smolstr;

pub(super) const FUNCTIONS: &[Function] = &[
    function("md5", &[string("str")], STRING, digest_of),
    function("sha1", &[string("str")], STRING, digest_of),
    function("sha256", &[string("str")], STRING, digest_of),
    function("sha512", &[string("str")], STRING, digest_of),
    function("base64sha256", &[string("str")], STRING, digest_of),
    function("base64sha512", &[string("str")], STRING, digest_of),
    function("uuidv5", &[string("namespace"), string("name")], STRING, uuid_v5),
    function("uuid", &[], STRING, |call| random(call, 36)),
    function("bcrypt", &[string("str")], STRING, |call| random(call, 60)).or_one(number("cost")),
    function("rsadecrypt", &[string("ciphertext"), string("privatekey")], STRING, |call| {
        let known = Known { shape: STRING, is_set: true, ..Known::default() };
        call.because("secrets are not decrypted here", known)
    }),
];

fn digest_of(call: &Call<'_>) -> Made {
    call.string(digest(call.name, call.text(0)?.as_bytes()))
}

/// A text that is another in every run.
fn random(call: &Call<'_>, length: u64) -> Made {
    let known = Known {
        shape: STRING,
        is_set: true,
        min_length: Some(length),
        max_length: Some(length),
        ..Known::default()
    };
    call.because(format_smolstr!("`{}` gives another value in every run", call.name), known)
}

/// The digest that the function of that name gives.
pub(super) fn digest(name: &str, bytes: &[u8]) -> String {
    match name {
        "md5" => hex(&md5(bytes)),
        "sha1" => hex(&sha1(bytes)),
        "sha256" => hex(&Sha256::digest(bytes)),
        "sha512" => hex(&Sha512::digest(bytes)),
        "base64sha256" => encode_base64(&Sha256::digest(bytes)),
        _ => encode_base64(&Sha512::digest(bytes)),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut made, byte| {
        made.push_str(&format_smolstr!("{byte:02x}"));
        made
    })
}

/// A message as blocks of 16 words: padded with a one bit, zeros, and its length in bits.
fn blocks(bytes: &[u8], word: fn([u8; 4]) -> u32, length: [u8; 8]) -> Vec<[u32; 16]> {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend(length);
    let words: Vec<u32> =
        padded.chunks_exact(4).filter_map(|bytes| bytes.try_into().ok().map(word)).collect();
    words.chunks_exact(16).filter_map(|words| words.try_into().ok()).collect()
}

/// RFC 1321. Here for compatibility with configurations, not for security.
#[allow(clippy::many_single_char_names, reason = "the names of the specification")]
fn md5(bytes: &[u8]) -> Vec<u8> {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in blocks(bytes, u32::from_le_bytes, (bytes.len() as u64).wrapping_mul(8).to_le_bytes()) {
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64_usize {
            let (mixed, place) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let constant = sine_constant(step);
            let word = block.get(place % 16).copied().unwrap_or(0);
            let shift = SHIFTS.get(step / 16).and_then(|row| row.get(step % 4)).copied().unwrap_or(0);
            let turned = a.wrapping_add(mixed).wrapping_add(constant).wrapping_add(word).rotate_left(shift);
            (a, d, c, b) = (d, c, b, b.wrapping_add(turned));
        }
        for (whole, part) in state.iter_mut().zip([a, b, c, d]) {
            *whole = whole.wrapping_add(part);
        }
    }
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// `floor(2^32 × abs(sin(step + 1)))`, as the specification defines its table.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "exact for 64 small steps"
)]
fn sine_constant(step: usize) -> u32 {
    (4_294_967_296.0 * ((step + 1) as f64).sin().abs()) as u32
}

/// RFC 3174. Here for compatibility with configurations, not for security.
#[allow(clippy::many_single_char_names, reason = "the names of the specification")]
fn sha1(bytes: &[u8]) -> Vec<u8> {
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in blocks(bytes, u32::from_be_bytes, (bytes.len() as u64).wrapping_mul(8).to_be_bytes()) {
        let mut words = block.to_vec();
        for index in 16..80_usize {
            let word = |back: usize| words.get(index - back).copied().unwrap_or(0);
            words.push((word(3) ^ word(8) ^ word(14) ^ word(16)).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (index, word) in words.iter().enumerate() {
            let (mixed, constant) = match index / 20 {
                0 => ((b & c) | (!b & d), 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let next = a
                .rotate_left(5)
                .wrapping_add(mixed)
                .wrapping_add(e)
                .wrapping_add(constant)
                .wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
        }
        for (whole, part) in state.iter_mut().zip([a, b, c, d, e]) {
            *whole = whole.wrapping_add(part);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A name-based UUID (RFC 9562, section 5.5).
fn uuid_v5(call: &Call<'_>) -> Made {
    let namespace = call.text(0)?;
    let known = match namespace.as_str() {
        "dns" => "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "url" => "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        "oid" => "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
        "x500" => "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
        other => other,
    };
    let Some(namespace) = parse_uuid(known) else { return wrong(format!("`{namespace}` is no UUID")) };
    let mut message = namespace.to_be_bytes().to_vec();
    message.extend_from_slice(call.text(1)?.as_bytes());
    let mut bytes = sha1(&message);
    bytes.truncate(16);
    if let [_, _, _, _, _, _, version, _, variant, ..] = bytes.as_mut_slice() {
        *version = (*version & 0x0f) | 0x50;
        *variant = (*variant & 0x3f) | 0x80;
    }
    let text = hex(&bytes);
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or("");
    call.string(format_smolstr!(
        "{}-{}-{}-{}-{}",
        part(0..8),
        part(8..12),
        part(12..16),
        part(16..20),
        part(20..32)
    ))
}

/// A UUID with hyphens, bare, in braces, or as a URN.
fn parse_uuid(text: &str) -> Option<u128> {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let digits = text.replace('-', "");
    let hyphens: Vec<usize> = text.match_indices('-').map(|(place, _)| place).collect();
    let is_shaped = hyphens.is_empty() || hyphens == [8, 13, 18, 23];
    let is_hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_shaped && is_hex { u128::from_str_radix(&digits, 16).ok() } else { None }
}
