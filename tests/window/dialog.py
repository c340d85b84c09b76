"""A real file dialog: an output is saved through the system's dialog to a path typed into it."""

import glob
import os
import subprocess

from screen import Failure, run, until


def dialog_window():
    """The dialog's window, once it is on the screen: the portal's by its title, zenity's by its class."""
    for search in (["--name", "^Save as$"], ["--class", "zenity"]):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", *search], capture_output=True, text=True)
        if found.stdout.split():
            return found.stdout.split()
    return None


def story(window, folder):
    window.press("Poster", exact=False)
    window.type_into("Words", "Regatta")
    window.press("Run · $0.03", exact=False)
    window.wait_for("Done", seconds=90)
    window.press("History")
    window.press("Poster, done", exact=False)
    window.press("Save as…")
    dialog = until("the system's dialog is on the screen", dialog_window)[0]
    target = os.path.join(folder, "saved poster.png")
    subprocess.run(["xdotool", "windowactivate", "--sync", dialog], check=True)
    subprocess.run(["xdotool", "key", "ctrl+a"], check=True)
    subprocess.run(["xdotool", "type", "--delay", "15", target], check=True)
    subprocess.run(["xdotool", "key", "Return"], check=True)
    until("the file is there", lambda: os.path.exists(target))
    with open(target, "rb") as file:
        head = file.read(8)
    if head[:4] not in (b"\x89PNG", b"\xff\xd8\xff\xe0"):
        raise Failure(f"not a picture: {head!r}")
    archived = glob.glob(os.path.join(folder, "data", "**", "*.png"), recursive=True)
    if not any(os.path.getsize(path) == os.path.getsize(target) for path in archived):
        raise Failure(f"no archived file has the size of the saved one: {archived}")
    window.wait_for("Saved to", exact=False)
    window.close()
    print("ok: saved through the system's dialog")


run(story)
