"""A window as a screen reader meets it: started, found, read, pressed, closed."""

import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"


class Failure(Exception):
    """The window did not do what was expected."""


def until(what, probe, seconds=40):
    """Waits until `probe` returns something true, and returns it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = probe()
        if found:
            return found
        time.sleep(0.1)
    raise Failure(f"never happened in {seconds} s: {what}")


class Window:
    """One running Florist."""

    def __init__(self, binary, data):
        self.helpers = [subprocess.Popen([LAUNCHER, "--launch-immediately"]), subprocess.Popen(["openbox"])]
        for name in ("IsEnabled", "ScreenReaderEnabled"):
            until(f"accessibility takes {name}", lambda name=name: self._enable(name))
        until("there is a window manager", lambda: self._answers("xdotool", "get_num_desktops"))
        environment = {**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1"}
        self.process = subprocess.Popen([binary, "--data", data], env=environment)
        self.root = until("the window is in the accessibility tree", self._find_application)
        until("the window is the active one", self.activate)

    @staticmethod
    def _enable(name):
        command = [
            "gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus",
            "--method", "org.freedesktop.DBus.Properties.Set", "org.a11y.Status", name, "<true>",
        ]
        return subprocess.run(command, capture_output=True).returncode == 0

    @staticmethod
    def _answers(*command):
        return subprocess.run(command, capture_output=True).returncode == 0

    def activate(self):
        """Gives the window the keyboard of the screen; true once it has it."""
        window = self.window_id()
        if window is None or not self._answers("xdotool", "windowactivate", window):
            return False
        active = subprocess.run(["xdotool", "getactivewindow"], capture_output=True, text=True)
        return active.stdout.strip() == window

    def _find_application(self):
        if self.process.poll() is not None:
            raise Failure(f"it ended with {self.process.returncode}")
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and "florist" in (child.get_name() or "").lower():
                return child
        return None

    def nodes(self):
        """Every node, from the top."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node is None:
                continue
            yield node
            try:
                for index in range(node.get_child_count()):
                    stack.append(node.get_child_at_index(index))
            except gi.repository.GLib.Error:
                continue

    def find(self, name, roles=None, exact=True):
        """The first node with this name, and one of these roles when given."""
        for node in self.nodes():
            try:
                own = node.get_name() or ""
                fits = own == name if exact else name in own
                if fits and (roles is None or node.get_role_name() in roles):
                    return node
            except gi.repository.GLib.Error:
                continue
        return None

    def wait_for(self, name, roles=None, exact=True, seconds=40):
        return until(f"there is {name!r} {roles or ''}", lambda: self.find(name, roles, exact), seconds)

    def press(self, name, roles=None, exact=True):
        """Presses what has this name and can be pressed."""

        def pressed():
            for node in self.nodes():
                try:
                    own = node.get_name() or ""
                    fits = own == name if exact else name in own
                    if fits and (roles is None or node.get_role_name() in roles) and node.get_action_iface():
                        if node.get_action_iface().get_n_actions() > 0 and node.do_action(0):
                            return True
                except gi.repository.GLib.Error:
                    continue
            return False

        until(f"{name!r} can be pressed", pressed)

    def type_into(self, name, text):
        """Gives a field the keyboard and types."""
        roles = ("entry", "text", "editbar")
        self.wait_for(name, roles)
        until(f"{name!r} has the keyboard", lambda: self._focus(name, roles))
        subprocess.run(["xdotool", "type", "--delay", "15", text], check=True)
        typed = lambda: text in (self._text_of(name, roles) or "")  # noqa: E731
        until(f"{name!r} says {text!r}", typed)

    def _focus(self, name, roles):
        """Asks for the keyboard and says whether it is there; a screen reader asks again, too."""
        try:
            node = self.find(name, roles)
            if node is None:
                return False
            if node.get_state_set().contains(Atspi.StateType.FOCUSED):
                return True
            node.get_component_iface().grab_focus()
            time.sleep(0.3)
        except gi.repository.GLib.Error:
            pass
        return False

    def _text_of(self, name, roles):
        try:
            node = self.find(name, roles)
            iface = node.get_text_iface() if node else None
            return iface and Atspi.Text.get_text(iface, 0, Atspi.Text.get_character_count(iface))
        except gi.repository.GLib.Error:
            return None

    def window_id(self):
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "^Florist$"], capture_output=True, text=True
        )
        return found.stdout.split()[0] if found.stdout.split() else None

    def screenshot(self, path):
        """A picture of the screen; fails when it is blank."""
        subprocess.run(["import", "-window", "root", path], check=True)
        colours = subprocess.run(
            ["identify", "-format", "%k", path], capture_output=True, text=True, check=True
        ).stdout
        if int(colours) < 200:
            raise Failure(f"the screen is blank: {colours} colours")

    def close(self):
        """Closes the window by the window manager's key; it must end well."""
        subprocess.run(["xdotool", "windowactivate", "--sync", self.window_id(), "key", "alt+F4"], check=True)
        code = self.process.wait(timeout=20)
        if code != 0:
            raise Failure(f"it ended with {code}")

    def end(self):
        for process in [self.process, *self.helpers]:
            if process.poll() is None:
                process.terminate()
        for process in [self.process, *self.helpers]:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()

    def outline(self):
        """What can be read now, for a failure's evidence."""
        lines = []
        for node in self.nodes():
            try:
                if node.get_name():
                    lines.append(f"  {node.get_role_name()}: {node.get_name()[:100]}")
            except gi.repository.GLib.Error:
                continue
        return "\n".join(lines)


def run(story):
    """Runs `story(window, folder)` on a fresh window; says why when it fails."""
    binary, folder = sys.argv[1], sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    window = None
    try:
        window = Window(binary, os.path.join(folder, "data"))
        story(window, folder)
    except Exception as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        if window is not None:
            print(window.outline(), file=sys.stderr)
        raise SystemExit(1) from failure
    finally:
        if window is not None:
            window.end()
