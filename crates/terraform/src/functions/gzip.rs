//! The gzip format (RFC 1952) around DEFLATE (RFC 1951).
//!
//! Compression stores the bytes as they are: any reader accepts that, and nobody looks at the size of a result that is
//! only compared. Decompression knows all kinds of blocks.

use crate::limits::MAX_TEXT_BYTES;

/// The header that Go's `gzip` writes: no time, no name, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// The most bytes of a stored block.
const BLOCK: usize = 0xffff;

pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut made = HEADER.to_vec();
    for chunk in bytes.chunks(BLOCK) {
        let size = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        made.push(0);
        made.extend(size.to_le_bytes());
        made.extend((!size).to_le_bytes());
        made.extend_from_slice(chunk);
    }
    // A flush makes an empty stored block, and the end an empty last one with fixed codes.
    made.extend([0, 0, 0, 0xff, 0xff, 0x03, 0x00]);
    made.extend(crc32(bytes).to_le_bytes());
    made.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    made
}

pub(super) fn decompress(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let body = match bytes {
        [0x1f, 0x8b, 8, 0, _, _, _, _, _, _, body @ ..] => body,
        _ => return Err(String::from("the bytes are no gzip")),
    };
    Inflater { bytes: body, at: 0, bit: 0, made: Vec::new() }
        .run()
        .ok_or_else(|| String::from("the bytes are no gzip"))
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

struct Inflater<'b> {
    bytes: &'b [u8],
    at: usize,
    bit: u32,
    made: Vec<u8>,
}

/// A canonical code: how many codes each length has, and the symbols in order.
struct Codes {
    counts: [u16; 16],
    symbols: Vec<u16>,
}

impl Codes {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 16];
        let mut symbols = Vec::new();
        for length in 1..16_u8 {
            for (symbol, _) in lengths.iter().enumerate().filter(|(_, own)| **own == length) {
                symbols.push(u16::try_from(symbol).unwrap_or(0));
                if let Some(count) = counts.get_mut(usize::from(length)) {
                    *count += 1;
                }
            }
        }
        Self { counts, symbols }
    }
}

impl Inflater<'_> {
    fn run(mut self) -> Option<Vec<u8>> {
        loop {
            let is_last = self.bits(1)? == 1;
            match self.bits(2)? {
                0 => self.stored()?,
                1 => {
                    let lengths: Vec<u8> = (0..288)
                        .map(|symbol| match symbol {
                            0..144 => 8,
                            144..256 => 9,
                            256..280 => 7,
                            _ => 8,
                        })
                        .collect();
                    self.block(&Codes::new(&lengths), &Codes::new(&[5; 30]))?;
                }
                2 => {
                    let (literals, distances) = self.dynamic()?;
                    self.block(&literals, &distances)?;
                }
                _ => return None,
            }
            if is_last {
                return Some(self.made);
            }
        }
    }

    fn bits(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for index in 0..count {
            let byte = *self.bytes.get(self.at)?;
            value |= u32::from(byte >> self.bit & 1) << index;
            self.bit += 1;
            if self.bit == 8 {
                self.bit = 0;
                self.at += 1;
            }
        }
        Some(value)
    }

    fn stored(&mut self) -> Option<()> {
        if self.bit > 0 {
            self.bit = 0;
            self.at += 1;
        }
        let size = usize::from(*self.bytes.get(self.at)?) | usize::from(*self.bytes.get(self.at + 1)?) << 8;
        let start = self.at + 4;
        self.made.extend_from_slice(self.bytes.get(start..start + size)?);
        self.at = start + size;
        (self.made.len() <= MAX_TEXT_BYTES).then_some(())
    }

    fn symbol(&mut self, codes: &Codes) -> Option<u16> {
        let (mut code, mut first, mut index) = (0_i32, 0_i32, 0_i32);
        for length in 1..16 {
            code |= i32::try_from(self.bits(1)?).ok()?;
            let count = i32::from(*codes.counts.get(length)?);
            if code - count < first {
                return codes.symbols.get(usize::try_from(index + code - first).ok()?).copied();
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }

    fn dynamic(&mut self) -> Option<(Codes, Codes)> {
        const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
        let (literal_count, distance_count) = (self.bits(5)? as usize + 257, self.bits(5)? as usize + 1);
        let code_count = self.bits(4)? as usize + 4;
        let mut lengths = [0_u8; 19];
        for place in ORDER.iter().take(code_count) {
            *lengths.get_mut(*place)? = u8::try_from(self.bits(3)?).ok()?;
        }
        let codes = Codes::new(&lengths);
        let mut all: Vec<u8> = Vec::new();
        while all.len() < literal_count + distance_count {
            match self.symbol(&codes)? {
                length @ 0..16 => all.push(u8::try_from(length).ok()?),
                16 => {
                    let last = *all.last()?;
                    let count = self.bits(2)? as usize + 3;
                    all.extend(std::iter::repeat_n(last, count));
                }
                17 => all.extend(std::iter::repeat_n(0, self.bits(3)? as usize + 3)),
                _ => all.extend(std::iter::repeat_n(0, self.bits(7)? as usize + 11)),
            }
        }
        let (literals, distances) = all.split_at_checked(literal_count)?;
        Some((Codes::new(literals), Codes::new(distances)))
    }

    fn block(&mut self, literals: &Codes, distances: &Codes) -> Option<()> {
        loop {
            let symbol = self.symbol(literals)?;
            match symbol {
                0..256 => self.made.push(u8::try_from(symbol).ok()?),
                256 => return Some(()),
                _ => self.copy(symbol, distances)?,
            }
            if self.made.len() > MAX_TEXT_BYTES {
                return None;
            }
        }
    }

    fn copy(&mut self, symbol: u16, distances: &Codes) -> Option<()> {
        let code = u32::from(symbol) - 257;
        let length = match code {
            0..8 => code + 3,
            28 => 258,
            _ => {
                let extra = (code - 4) / 4;
                ((4 + code % 4) << extra) + 3 + self.bits(extra)?
            }
        };
        let code = u32::from(self.symbol(distances)?);
        let distance = if code < 4 {
            code + 1
        } else {
            let extra = (code - 2) / 2;
            ((2 + code % 2) << extra) + 1 + self.bits(extra)?
        };
        for _ in 0..length {
            let from = self.made.len().checked_sub(distance as usize)?;
            let byte = *self.made.get(from)?;
            self.made.push(byte);
        }
        Some(())
    }
}
