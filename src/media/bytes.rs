//! Numbers in byte slices that may be shorter than they should be.

/// Reads big- and little-endian numbers at an offset; `None` beyond the end.
pub(super) trait Bytes {
    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]>;

    fn be16(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_be_bytes)
    }

    fn be32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    fn be64(&self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_be_bytes)
    }

    fn le16(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    fn le32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    fn le64(&self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }
}

impl Bytes for [u8] {
    fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.get(at..at.checked_add(N)?)?.try_into().ok()
    }
}

/// Where `needle` first begins in `haystack`.
pub(super) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_the_end_are_absent() {
        let bytes: &[u8] = &[1, 2, 3, 4];
        assert_eq!(bytes.be16(2), Some(0x0304));
        assert_eq!(bytes.le32(0), Some(0x0403_0201));
        assert_eq!(bytes.be32(1), None);
        assert_eq!(bytes.be16(usize::MAX), None);
        assert_eq!(find(bytes, &[3, 4]), Some(2));
    }
}
