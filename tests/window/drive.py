"""The whole loop: pick a technique, type, run, wait, find it in the history, close."""

import os

from screen import run


def story(window, folder):
    window.press("Pattern Maker", exact=False)
    window.type_into("Words", "quiet harbour at dawn")
    window.press("Run · Free", exact=False)
    window.wait_for("Done", seconds=90)
    window.press("History")
    window.wait_for("quiet harbour at dawn", exact=False)
    window.screenshot(os.environ.get("FLORIST_WINDOW_SHOT", os.path.join(folder, "history.png")))
    window.close()
    print("ok: launched, finished, found again, closed with 0")


run(story)
