//! Where keys are kept: the system's keychain, or nowhere. All of it blocks, so it is called from threads for that.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

/// The name under which keychains show our entries.
const SERVICE: &str = "Florist";

/// A place for keys. An account is the origin of the service that the key opens.
pub trait KeyVault: Send + Sync {
    /// Whether there is one at all.
    fn is_available(&self) -> bool;

    /// The key of an account, if one is kept.
    ///
    /// # Errors
    /// When the keychain cannot be asked.
    fn load(&self, account: &str) -> Result<Option<SecretString>, VaultError>;

    /// Keeps a key in place of the one before.
    ///
    /// # Errors
    /// When the keychain cannot be written.
    fn save(&self, account: &str, key: &SecretString) -> Result<(), VaultError>;

    /// Removes a key; that there was none is fine.
    ///
    /// # Errors
    /// When the keychain cannot be written.
    fn forget(&self, account: &str) -> Result<(), VaultError>;
}

/// Why a keychain did not do it. Never holds a key.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("there is no keychain here")]
    Absent,
    #[error("the keychain did not answer as it should")]
    Failed(#[from] keyring_core::Error),
    /// The keychain may be asking the person something that nobody answers.
    #[error("the keychain did not answer in time")]
    Timeout,
}

/// The keychain of the system: Secret Service, Keychain or Credential Manager.
pub struct SystemVault;

impl SystemVault {
    fn entry(account: &str) -> Result<keyring_core::Entry, VaultError> {
        // Looks for the system's store on its first call.
        if keyring::Entry::store_status().is_err() {
            return Err(VaultError::Absent);
        }
        Ok(keyring_core::Entry::new(SERVICE, account)?)
    }
}

impl KeyVault for SystemVault {
    fn is_available(&self) -> bool {
        keyring::Entry::store_status().is_ok()
    }

    fn load(&self, account: &str) -> Result<Option<SecretString>, VaultError> {
        match Self::entry(account)?.get_password() {
            Ok(key) => Ok(Some(key.into())),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn save(&self, account: &str, key: &SecretString) -> Result<(), VaultError> {
        Ok(Self::entry(account)?.set_password(key.expose_secret())?)
    }

    fn forget(&self, account: &str) -> Result<(), VaultError> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// A vault in memory: gone with the process.
#[derive(Default)]
pub struct MemoryVault {
    keys: Mutex<HashMap<String, SecretString>>,
    absent: bool,
}

impl MemoryVault {
    /// What a computer without a keychain has.
    pub fn absent() -> Self {
        Self {
            absent: true,
            ..Self::default()
        }
    }

    fn keys(&self) -> Result<MutexGuard<'_, HashMap<String, SecretString>>, VaultError> {
        if self.absent {
            return Err(VaultError::Absent);
        }
        Ok(self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl KeyVault for MemoryVault {
    fn is_available(&self) -> bool {
        !self.absent
    }

    fn load(&self, account: &str) -> Result<Option<SecretString>, VaultError> {
        Ok(self.keys()?.get(account).cloned())
    }

    fn save(&self, account: &str, key: &SecretString) -> Result<(), VaultError> {
        self.keys()?.insert(account.to_owned(), key.clone());
        Ok(())
    }

    fn forget(&self, account: &str) -> Result<(), VaultError> {
        self.keys()?.remove(account);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_by_account_and_can_be_forgotten_twice() {
        let vault = MemoryVault::default();
        vault.save("https://a", &"sk_live_a".into()).unwrap();
        let kept = vault.load("https://a").unwrap().unwrap();
        assert_eq!(kept.expose_secret(), "sk_live_a");
        assert!(vault.load("https://b").unwrap().is_none());
        vault.forget("https://a").unwrap();
        vault.forget("https://a").unwrap();
        assert!(vault.load("https://a").unwrap().is_none());
    }

    #[test]
    #[ignore = "needs an unlocked Secret Service of its own; tests/run.sh gives it one"]
    fn the_systems_keychain_keeps_replaces_and_forgets() {
        let vault = SystemVault;
        let account = "https://keychain.test.invalid";
        assert!(vault.is_available());
        assert!(vault.load(account).unwrap().is_none());
        for key in ["sk_live_first", "sk_live_second"] {
            vault.save(account, &key.into()).unwrap();
            let kept = SystemVault.load(account).unwrap().unwrap();
            assert_eq!(kept.expose_secret(), key);
        }
        vault.forget(account).unwrap();
        assert!(vault.load(account).unwrap().is_none());
    }

    #[test]
    fn without_a_keychain_every_call_says_so() {
        let vault = MemoryVault::absent();
        assert!(!vault.is_available());
        assert!(matches!(vault.load("x"), Err(VaultError::Absent)));
        assert!(matches!(vault.forget("x"), Err(VaultError::Absent)));
    }
}
