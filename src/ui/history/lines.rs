//! Which lines of the table are in view. Arithmetic only: a table of any length costs the same.

use std::ops::Range;

/// Height of the "In progress" line, in points.
pub const GROUP_HEIGHT: f32 = 28.0;

/// The lines of the table: the "In progress" line, if there is one, then one line a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lines {
    /// Whether the "In progress" line is there.
    pub grouped: bool,
    pub rows: usize,
    /// Points.
    pub row_height: f32,
    /// Points below the last row, so that nothing floating hides it.
    pub margin: f32,
}

/// What of the table is in view.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Points above the first painted line.
    pub before: f32,
    pub group: bool,
    pub rows: Range<usize>,
    /// Points below the last painted line.
    pub after: f32,
}

impl Lines {
    fn group_height(&self) -> f32 {
        if self.grouped { GROUP_HEIGHT } else { 0.0 }
    }

    /// Height of everything, in points.
    pub fn height(&self) -> f32 {
        self.row_top(self.rows) + self.margin
    }

    /// Distance of a row's upper edge from the top, in points.
    pub fn row_top(&self, row: usize) -> f32 {
        self.group_height() + row as f32 * self.row_height
    }

    /// What is seen through a window of `height` points, `offset` points below the top.
    pub fn window(&self, offset: f32, height: f32) -> Window {
        let offset = offset.max(0.0);
        let group = self.grouped && offset < GROUP_HEIGHT;
        let into_rows = (offset - self.group_height()).max(0.0);
        let first = ((into_rows / self.row_height).floor() as usize).min(self.rows);
        let end = (offset + height - self.group_height()).max(0.0);
        let last = ((end / self.row_height).ceil() as usize).clamp(first, self.rows);
        let before = if group { 0.0 } else { self.row_top(first) };
        Window {
            before,
            group,
            rows: first..last,
            after: (self.height() - self.row_top(last)).max(0.0),
        }
    }

    /// The offset at which a row is wholly in view, as near to `offset` as can be.
    pub fn reveal(&self, row: usize, offset: f32, height: f32) -> f32 {
        // The first row brings the "In progress" line above it along.
        let top = if row == 0 { 0.0 } else { self.row_top(row) };
        let bottom = self.row_top(row) + self.row_height + self.margin;
        if top < offset {
            top
        } else if bottom > offset + height {
            (bottom - height).max(0.0)
        } else {
            offset
        }
    }

    /// How many whole rows fit into `height` points; one at least.
    pub fn page(&self, height: f32) -> i32 {
        ((height / self.row_height).floor() as i32 - 1).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(grouped: bool, rows: usize) -> Lines {
        Lines {
            grouped,
            rows,
            row_height: 52.0,
            margin: 0.0,
        }
    }

    #[test]
    fn the_window_covers_what_is_in_view_and_little_more() {
        let window = lines(false, 100_000).window(2_600_010.0, 700.0);
        assert_eq!(window.rows, 50_000..50_014);
        assert_eq!(window.before, 2_600_000.0);
        let end = window.before + window.rows.len() as f32 * 52.0 + window.after;
        assert_eq!(end, 100_000.0 * 52.0);
    }

    #[test]
    fn the_group_line_shifts_the_rows() {
        let lines = lines(true, 40);
        let top = lines.window(0.0, 100.0);
        assert!(top.group);
        assert_eq!(top.rows, 0..2);
        let below = lines.window(30.0, 100.0);
        assert!(!below.group);
        assert_eq!(below.rows, 0..2, "the first row is still half in view");
        assert_eq!(below.before, 28.0);
    }

    #[test]
    fn a_window_beyond_the_end_or_over_nothing_is_empty() {
        assert_eq!(lines(false, 3).window(9_000.0, 100.0).rows, 3..3);
        assert_eq!(lines(false, 0).window(0.0, 500.0).rows, 0..0);
    }

    #[test]
    fn revealing_moves_as_little_as_possible() {
        let lines = lines(true, 100);
        assert_eq!(lines.reveal(5, 0.0, 500.0), 0.0);
        assert_eq!(lines.reveal(20, 0.0, 500.0), 28.0 + 21.0 * 52.0 - 500.0);
        assert_eq!(lines.reveal(2, 900.0, 500.0), 28.0 + 104.0);
        assert_eq!(lines.reveal(0, 900.0, 500.0), 0.0);
    }
}
