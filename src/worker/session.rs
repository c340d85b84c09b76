//! The profile in use: whom we talk to, with which client, and whether we may.

use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api;
use crate::model::{Connection, Profile, ProfileId, WorkspaceId};

/// One profile, from the moment it is chosen until another is. Cheap to clone.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    id: ProfileId,
    /// `None` without a key, or without a studio.
    client: Option<api::Client>,
    profile: watch::Sender<Profile>,
    connection: watch::Sender<Connection>,
    cancel: CancellationToken,
    tasks: TaskTracker,
}

impl Session {
    /// A session that ends with `parent`.
    pub(super) fn new(
        profile: Profile,
        client: Option<api::Client>,
        parent: &CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        Self(Arc::new(Inner {
            id: profile.id.clone(),
            client,
            profile: watch::Sender::new(profile),
            connection: watch::Sender::new(Connection::Connecting),
            cancel: parent.child_token(),
            tasks,
        }))
    }

    /// Everything in the library belongs to one of these.
    pub fn id(&self) -> &ProfileId {
        &self.0.id
    }

    /// What is known of the service.
    pub fn profile(&self) -> Profile {
        self.0.profile.borrow().clone()
    }

    /// The workspace, once the service (or the library, from the last time) has named it.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.0.profile.borrow().workspace.clone()
    }

    /// The client, unless there is no key or no studio.
    pub fn client(&self) -> Option<&api::Client> {
        self.0.client.as_ref()
    }

    pub fn connection(&self) -> Connection {
        self.0.connection.borrow().clone()
    }

    /// Whether requests may be sent now.
    pub fn is_open(&self) -> bool {
        is_open(&self.0.connection.borrow())
    }

    /// Waits until requests may be sent: through an outage, or a refused key.
    pub async fn opened(&self) {
        let mut connection = self.0.connection.subscribe();
        // The sender is in `self`, so it cannot be gone.
        connection.wait_for(is_open).await.ok();
    }

    /// Follows the connection.
    pub fn watch_connection(&self) -> watch::Receiver<Connection> {
        self.0.connection.subscribe()
    }

    /// Runs a task until it ends, the profile changes, or the app closes.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let cancelled = self.0.cancel.clone().cancelled_owned();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = cancelled => {}
                () = task => {}
            }
        });
    }

    /// When another profile was chosen, or the app closes.
    pub async fn ended(&self) {
        self.0.cancel.cancelled().await;
    }

    pub fn is_over(&self) -> bool {
        self.0.cancel.is_cancelled()
    }

    pub(super) fn end(&self) {
        self.0.cancel.cancel();
    }

    /// Notes the connection; true when it is another than before.
    pub(super) fn set_connection(&self, connection: Connection) -> bool {
        self.0.connection.send_if_modified(|known| {
            let changed = *known != connection;
            *known = connection;
            changed
        })
    }

    /// Notes what the service said of itself; true when that is new.
    pub(super) fn set_profile(&self, profile: Profile) -> bool {
        self.0.profile.send_if_modified(|known| {
            let changed = *known != profile;
            *known = profile;
            changed
        })
    }
}

fn is_open(connection: &Connection) -> bool {
    matches!(connection, Connection::Connected | Connection::Throttled)
}
