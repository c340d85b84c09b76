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
        self.key_check.start();
        vec![Command::CheckKey { base_url, key }]
    }

    pub(super) fn forget_check(&mut self) -> Vec<Command> {
        self.key_check = Load::NotAsked;
        nothing()
    }

    pub(super) fn key_checked(&mut self, result: Result<KeyReport, Problem>) -> Vec<Command> {
        // A key that was changed while it was checked makes the answer void.
        if self.key_check.is_loading() {
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
