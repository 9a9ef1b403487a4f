"""The work that the product puts into a password; the other tests hash with less."""

import argon2
import pytest

from app.accounts import passwords

PRODUCT = passwords._HASHER  # read while tests are collected: only then does a fixture put a quicker one in its place


def test_a_password_costs_whoever_guesses_it_64_mib_and_three_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PRODUCT)
    stored = passwords.hash_password("utagawa-no-soroban-7")
    found = argon2.extract_parameters(stored)
    assert found.type is argon2.Type.ID
    assert (found.memory_cost, found.time_cost) >= (64 * 1024, 3)
    assert passwords.check_password(stored, "utagawa-no-soroban-7")
    assert not passwords.check_password(stored, "utagawa-no-soroban-8")
