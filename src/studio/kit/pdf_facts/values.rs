//! The values a PDF is written in.

use std::collections::BTreeMap;

/// How deep values may be nested.
const DEPTH: usize = 64;

/// A value of a PDF object.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Number(f64),
    Name(String),
    Text(Vec<u8>),
    Array(Vec<Value>),
    Dictionary(BTreeMap<String, Value>),
    Reference(u32),
}

impl Value {
    /// An entry of a dictionary.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Dictionary(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The text of a name.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// A number that is finite and not below zero when used as a size.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A string as text: UTF-16 or UTF-8 when marked so, else Latin-1, which is close to what PDF means.
    pub fn text(&self) -> Option<String> {
        let Self::Text(bytes) = self else { return None };
        let text = if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
            let units: Vec<u16> = rest
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        } else if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
            String::from_utf8_lossy(rest).into_owned()
        } else {
            bytes.iter().map(|byte| *byte as char).collect()
        };
        Some(
            text.trim()
                .chars()
                .filter(|letter| !letter.is_control())
                .take(300)
                .collect(),
        )
    }
}

/// Reads values one after the other.
pub struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    /// Begins at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How far it has read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The next value; `None` at the end or at something that is none.
    pub fn value(&mut self) -> Option<Value> {
        self.nested(DEPTH)
    }

    fn nested(&mut self, depth: usize) -> Option<Value> {
        if depth == 0 {
            return None;
        }
        self.skip_space();
        match self.peek()? {
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dictionary(depth),
            b'<' => self.hex_string(),
            b'(' => self.string(),
            b'[' => self.array(depth),
            b'/' => self.name().map(Value::Name),
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number_or_reference(),
            b'a'..=b'z' => self.word(),
            _ => None,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self
                    .peek()
                    .is_some_and(|byte| byte != b'\n' && byte != b'\r')
                {
                    self.at += 1;
                }
            } else if byte.is_ascii_whitespace() || byte == 0 {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn word(&mut self) -> Option<Value> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.at += 1;
        }
        matches!(&self.bytes[start..self.at], b"true" | b"false" | b"null").then_some(Value::Null)
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        self.at += 2;
        let mut entries = BTreeMap::new();
        loop {
            self.skip_space();
            match self.peek()? {
                b'>' => {
                    self.at += 2;
                    return Some(Value::Dictionary(entries));
                }
                b'/' => {
                    let key = self.name()?;
                    let value = self.nested(depth - 1)?;
                    entries.insert(key, value);
                }
                _ => return None,
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek()? == b']' {
                self.at += 1;
                return Some(Value::Array(items));
            }
            items.push(self.nested(depth - 1)?);
        }
    }

    fn name(&mut self) -> Option<String> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek() {
            if byte.is_ascii_whitespace() || b"()<>[]{}/%\0".contains(&byte) {
                break;
            }
            self.at += 1;
            let code = (byte == b'#')
                .then(|| self.bytes.get(self.at..self.at + 2))
                .flatten();
            match code.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            {
                Some(decoded) => {
                    name.push(decoded);
                    self.at += 2;
                }
                None => name.push(byte),
            }
        }
        Some(String::from_utf8_lossy(&name).into_owned())
    }

    fn number_or_reference(&mut self) -> Option<Value> {
        let first = self.number()?;
        let after = self.at;
        // `12 0 R` is a reference; `12 0` is two numbers.
        if first >= 0.0 && first.fract() == 0.0 {
            self.skip_space();
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) && self.number().is_some() {
                self.skip_space();
                let end = self.bytes.get(self.at + 1).copied().unwrap_or(b' ');
                if self.peek() == Some(b'R') && !end.is_ascii_alphanumeric() {
                    self.at += 1;
                    return Some(Value::Reference(first as u32));
                }
            }
        }
        self.at = after;
        Some(Value::Number(first))
    }

    fn number(&mut self) -> Option<f64> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte))
        {
            self.at += 1;
        }
        std::str::from_utf8(&self.bytes[start..self.at])
            .ok()?
            .parse()
            .ok()
    }

    fn hex_string(&mut self) -> Option<Value> {
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            let byte = self.peek()?;
            self.at += 1;
            if byte == b'>' {
                break;
            }
            digits.extend((byte as char).to_digit(16).map(|digit| digit as u8));
        }
        if digits.len() % 2 == 1 {
            digits.push(0);
        }
        Some(Value::Text(
            digits
                .chunks_exact(2)
                .map(|pair| pair[0] << 4 | pair[1])
                .collect(),
        ))
    }

    fn string(&mut self) -> Option<Value> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1);
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'\\' => self.escape(&mut text)?,
                b'(' => {
                    open += 1;
                    text.push(byte);
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Some(Value::Text(text));
                    }
                    text.push(byte);
                }
                _ => text.push(byte),
            }
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' | b'f' | b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(next @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    code = code * 8 + u32::from(next - b'0');
                    self.at += 1;
                }
                text.push(code as u8);
            }
            other => text.push(other),
        }
        Some(())
    }
}
