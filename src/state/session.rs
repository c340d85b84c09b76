//! Whom we talk to and how it stands.

use secrecy::SecretString;

use super::{AppState, Load, nothing};
use crate::message::{Command, ConnectTo, KeyReport};
use crate::model::{Connection, Problem, Profile, ProfileKind};

/// The service in use.
#[derive(Debug, Default)]
pub struct SessionState {
    /// Nothing until the worker has settled on one.
    pub profile: Option<Profile>,
    pub connection: Connection,
    /// The key in the entry field, as far as it was checked.
    pub key_check: Load<KeyReport>,
    /// Grows with each check: the answer to a former key must not pass for this one's.
    generation: u64,
    pub dialog: ConnectDialog,
}

/// Whether the dialog that takes a key is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectDialog {
    #[default]
    Closed,
    Open,
}

impl SessionState {
    /// Whether launches can be sent now.
    pub fn can_send(&self) -> bool {
        matches!(
            self.connection,
            Connection::Connected | Connection::Throttled
        )
    }

    pub fn is_studio(&self) -> bool {
        self.profile
            .as_ref()
            .is_some_and(|profile| profile.kind == ProfileKind::Studio)
    }

    pub(super) fn open_dialog(&mut self) -> Vec<Command> {
        self.dialog = ConnectDialog::Open;
        nothing()
    }

    pub(super) fn close_dialog(&mut self) -> Vec<Command> {
        self.dialog = ConnectDialog::Closed;
        self.forget_check()
    }

    pub(super) fn check_key(
        &mut self,
        base_url: Option<String>,
        key: SecretString,
    ) -> Vec<Command> {
        self.generation += 1;
        // What was known is about another key.
        self.key_check = Load::Loading { previous: None };
        vec![Command::CheckKey {
            generation: self.generation,
            base_url,
            key,
        }]
    }

    pub(super) fn forget_check(&mut self) -> Vec<Command> {
        self.key_check = Load::NotAsked;
        nothing()
    }

    pub(super) fn key_checked(
        &mut self,
        generation: u64,
        result: Result<KeyReport, Problem>,
    ) -> Vec<Command> {
        // A key that was changed while it was checked makes the answer void.
        if generation == self.generation && self.key_check.is_loading() {
            self.key_check = match result {
                Ok(report) => Load::Ready(report),
                Err(problem) => Load::Failed {
                    problem,
                    previous: None,
                },
            };
        }
        nothing()
    }

    pub(super) fn connection_changed(&mut self, connection: Connection) -> Vec<Command> {
        self.connection = connection;
        nothing()
    }
}

impl AppState {
    pub(super) fn connect_studio(&mut self) -> Vec<Command> {
        self.session.connection = Connection::Connecting;
        let mut commands = vec![Command::Connect(ConnectTo::Studio)];
        commands.extend(self.change_settings(|settings| settings.profile = ProfileKind::Studio));
        commands
    }

    pub(super) fn use_key(&mut self, base_url: Option<String>, key: SecretString) -> Vec<Command> {
        self.session.close_dialog();
        self.connect_flora(base_url, Some(key))
    }

    pub(super) fn use_stored_key(&mut self) -> Vec<Command> {
        self.connect_flora(self.settings.flora_base_url.clone(), None)
    }

    fn connect_flora(
        &mut self,
        base_url: Option<String>,
        key: Option<SecretString>,
    ) -> Vec<Command> {
        self.session.connection = Connection::Connecting;
        let connect = ConnectTo::Flora {
            base_url: base_url.clone(),
            key,
        };
        let mut commands = vec![Command::Connect(connect)];
        commands.extend(self.change_settings(|settings| {
            settings.profile = ProfileKind::Flora;
            settings.flora_base_url = base_url;
        }));
        commands
    }

    /// Another service: nothing of the former one may stay in view.
    pub(super) fn profile_changed(&mut self, profile: Profile) -> Vec<Command> {
        let same = self
            .session
            .profile
            .as_ref()
            .is_some_and(|known| known.id == profile.id);
        self.session.profile = Some(profile);
        if same {
            return nothing();
        }
        self.catalog.reset();
        self.launch.reset(&self.settings);
        self.results.reset();
        self.rows.reset();
        self.inspector.reset();
        self.viewer.reset();
        self.previews.reset();
        self.activity.reset();
        self.history.reset();
        vec![self.history.ask()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(workspace: &str) -> KeyReport {
        KeyReport {
            workspace_name: workspace.to_owned(),
            role: None,
            techniques: 1,
            keychain: true,
        }
    }

    /// Checks a key; the generation that its answer will carry.
    fn check(session: &mut SessionState, key: &str) -> u64 {
        let commands = session.check_key(None, SecretString::from(key.to_owned()));
        match commands.as_slice() {
            [Command::CheckKey { generation, .. }] => *generation,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_late_answer_for_one_key_does_not_pass_for_the_next_ones() {
        let mut session = SessionState::default();
        let first = check(&mut session, "sk_live_first");
        let second = check(&mut session, "sk_live_second");
        session.key_checked(first, Ok(report("First")));
        assert!(session.key_check.is_loading(), "{:?}", session.key_check);
        assert_eq!(session.key_check.value(), None);
        session.key_checked(second, Ok(report("Second")));
        assert_eq!(session.key_check, Load::Ready(report("Second")));
        session.key_checked(first, Err(Problem::new("late")));
        assert_eq!(session.key_check, Load::Ready(report("Second")));
    }

    #[test]
    fn what_one_key_opens_is_not_shown_while_another_is_checked() {
        let mut session = SessionState::default();
        let first = check(&mut session, "sk_live_first");
        session.key_checked(first, Ok(report("First")));
        check(&mut session, "sk_live_second");
        assert_eq!(session.key_check.value(), None);
    }

    #[test]
    fn a_check_that_was_forgotten_stays_forgotten() {
        let mut session = SessionState::default();
        let first = check(&mut session, "sk_live_first");
        session.forget_check();
        session.key_checked(first, Ok(report("First")));
        assert_eq!(session.key_check, Load::NotAsked);
    }
}
