//! When a fault acts: on which requests, after how many, how often.

use axum::http::Method;

use super::Fault;

/// A fault, the requests it is for, and how often it acts.
#[derive(Clone, Debug)]
pub struct Rule {
    method: String,
    path: Vec<String>,
    fault: Fault,
    /// Matching requests that are still let through.
    skip: u32,
    /// Times it still acts; `None`: always.
    left: Option<u32>,
}

impl Rule {
    /// Acts once, on the next request that matches `"METHOD /path"`.
    ///
    /// The path of an API request is relative to the base URL; files are `/files/…` and signed uploads `/uploads/…`.
    /// `*` stands for any method or one path segment, a final `**` for any rest.
    ///
    /// # Panics
    /// When the pattern has no space: that is a mistake in the test.
    pub fn on(pattern: &str, fault: Fault) -> Self {
        let (method, path) = pattern
            .split_once(' ')
            .expect("a pattern is a method, a space and a path");
        Self {
            method: method.to_owned(),
            path: segments(path).map(str::to_owned).collect(),
            fault,
            skip: 0,
            left: Some(1),
        }
    }

    /// Acts this many times.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Acts until the script is cleared.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }

    /// Lets this many matching requests through first.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    pub(super) fn fault(&self) -> &Fault {
        &self.fault
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left == Some(0)
    }

    /// Whether it acts on this request. Counts it.
    pub(super) fn acts_on(&mut self, method: &Method, path: &str) -> bool {
        if self.is_spent() || !self.matches(method, path) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
        true
    }

    fn matches(&self, method: &Method, path: &str) -> bool {
        if self.method != "*" && self.method != method.as_str() {
            return false;
        }
        let mut given = segments(path);
        for (index, wanted) in self.path.iter().enumerate() {
            if wanted == "**" && index + 1 == self.path.len() {
                return true;
            }
            match given.next() {
                Some(segment) if wanted == "*" || wanted == segment => {}
                _ => return false,
            }
        }
        given.next().is_none()
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, method: Method, path: &str) -> bool {
        Rule::on(pattern, Fault::Cut).matches(&method, path)
    }

    #[test]
    fn patterns_match_whole_paths_by_segment() {
        let start = "POST /techniques/*/runs";
        assert!(matches(start, Method::POST, "/techniques/tech_1/runs"));
        assert!(!matches(start, Method::GET, "/techniques/tech_1/runs"));
        assert!(!matches(
            start,
            Method::POST,
            "/techniques/tech_1/runs/run_1"
        ));
        assert!(!matches(start, Method::POST, "/techniques/runs"));
        assert!(matches("* /**", Method::GET, "/"));
        assert!(matches("GET /files/**", Method::GET, "/files/file_1/a.png"));
        assert!(!matches("GET /files/**", Method::GET, "/assets"));
    }

    #[test]
    fn a_rule_skips_then_acts_then_is_spent() {
        let mut rule = Rule::on("GET /a", Fault::Cut).after(1).times(2);
        let acted: Vec<bool> = (0..5).map(|_| rule.acts_on(&Method::GET, "/a")).collect();
        assert_eq!(acted, [false, true, true, false, false]);
        assert!(rule.is_spent());
    }
}
