"""Tests that incidents leave behind: left by people, held by `check` and drills."""
