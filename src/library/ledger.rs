//! The ledger's finer points: a start that certainly took no effect, and one launch by its row.

use rusqlite::OptionalExtension;

use super::launches::{read_open, set_state};
use super::{LaunchState, Library, OpenLaunch, Result, Saved, search};
use crate::model::{LaunchId, Problem, ProfileId, RowKey, Timestamp};

impl Library {
    /// Notes that the start goes on the wire now, if nobody else has sent it meanwhile and nobody has forgotten it.
    /// `None`: it must not be sent.
    ///
    /// # Errors
    /// What the database says; then it must not be sent either.
    pub fn mark_sending_if_waiting(&self, run: RowKey, now: Timestamp) -> Result<Option<Saved>> {
        match self.launch_of(run)? {
            Some(launch) if is_waiting(launch.state) => {
                self.mark_sending(launch.order.id, now).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Takes back [`Library::mark_sending`]: FLORA certainly did not act on it, so the key is as good as new and the
    /// launch can be forgotten again.
    ///
    /// # Errors
    /// [`super::LibraryError::NoSuchRow`] for a launch that was forgotten.
    pub fn mark_not_sent(
        &self,
        launch: LaunchId,
        state: LaunchState,
        problem: Option<Problem>,
    ) -> Result<Saved> {
        self.write(|transaction| {
            let sql = "UPDATE launches SET first_sent_ms = NULL, last_sent_ms = NULL WHERE launch_id = ?1";
            transaction.prepare_cached(sql)?.execute([launch.to_string()])?;
            set_state(transaction, launch, state, problem)
        })
    }

    /// Takes a launch that has no run out of sight: the person has given it up. Its line stays in the ledger, so that
    /// its key is never used again; if it did start, its run comes with the history. Says whether it did.
    ///
    /// # Errors
    /// What the database says.
    pub fn give_up(&self, run: RowKey) -> Result<bool> {
        self.write(|transaction| {
            let sql = "UPDATE launches SET state = ?2 WHERE launch_id = \
                       (SELECT launch_id FROM runs WHERE key = ?1 AND run_id IS NULL)";
            let state = LaunchState::Abandoned.as_str();
            if transaction.execute(sql, (run.get(), state))? == 0 {
                return Ok(false);
            }
            transaction.execute("DELETE FROM runs WHERE key = ?1", [run.get()])?;
            search::forget(transaction, run)?;
            Ok(true)
        })
    }

    /// One launch as the ledger has it, in whatever state. `None` for runs from elsewhere, and for a launch that
    /// another version recorded in a way we cannot read.
    ///
    /// # Errors
    /// What the database says.
    pub fn launch_of(&self, run: RowKey) -> Result<Option<OpenLaunch>> {
        let sql = "SELECT l.*, r.key, r.workspace_id, r.problem FROM launches l \
                   JOIN runs r ON r.launch_id = l.launch_id WHERE r.key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let launch = statement.query_row([run.get()], |row| {
            match serde_json::from_str(row.get_ref("order_json")?.as_str()?) {
                Ok(order) => read_open(row, order).map(Some),
                Err(_) => Ok(None),
            }
        });
        Ok(launch.optional()?.flatten())
    }

    /// The profile a run belongs to.
    ///
    /// # Errors
    /// What the database says.
    pub fn profile_of(&self, run: RowKey) -> Result<Option<ProfileId>> {
        let sql = "SELECT p.id FROM runs r JOIN profiles p ON p.key = r.profile WHERE r.key = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let id: Option<String> = statement
            .query_row([run.get()], |row| row.get(0))
            .optional()?;
        Ok(id.map(|id| ProfileId::parse(&id)))
    }
}

fn is_waiting(state: LaunchState) -> bool {
    matches!(state, LaunchState::Recorded | LaunchState::Uploading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::testing::{library, order, profile};
    use crate::model::now;

    #[test]
    fn a_launch_goes_on_the_wire_once() {
        let (_dir, library) = library();
        let row = library
            .record_launch(&profile(), None, &order("sea"))
            .unwrap();
        assert!(
            library
                .mark_sending_if_waiting(row, now())
                .unwrap()
                .is_some()
        );
        assert!(
            library
                .mark_sending_if_waiting(row, now())
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn a_start_that_took_no_effect_can_be_forgotten_and_sent_anew() {
        let (_dir, library) = library();
        let order = order("sea");
        let row = library.record_launch(&profile(), None, &order).unwrap();
        library.mark_sending(order.id, now()).unwrap();
        assert!(!library.forget_waiting(row).unwrap(), "it may have started");
        library
            .mark_not_sent(
                order.id,
                LaunchState::Stopped,
                Some(Problem::new("No credit")),
            )
            .unwrap();
        let launch = library.launch_of(row).unwrap().unwrap();
        assert_eq!(
            (launch.state, launch.first_sent_at),
            (LaunchState::Stopped, None)
        );
        assert_eq!(launch.problem.unwrap().summary, "No credit");
        assert!(library.forget_waiting(row).unwrap());
        assert!(library.launch_of(row).unwrap().is_none());
    }

    #[test]
    fn a_launch_that_is_given_up_is_out_of_sight_and_never_sent_again() {
        let (_dir, library) = library();
        let order = order("sea");
        let row = library.record_launch(&profile(), None, &order).unwrap();
        library.mark_sending(order.id, now()).unwrap();
        assert!(library.give_up(row).unwrap());
        assert!(library.rows(&[row]).unwrap().is_empty());
        assert!(library.open_launches(&profile()).unwrap().is_empty());
        assert!(!library.give_up(row).unwrap());
    }
}
