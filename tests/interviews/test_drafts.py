import base64

from app.interviews.drafts import draft_key


def test_a_key_is_256_bits_and_the_same_each_time():
    first = draft_key(b"secret", user_id="u1", interview_id="i1")
    assert first == draft_key(b"secret", user_id="u1", interview_id="i1")
    assert len(base64.b64decode(first)) == 32


def test_every_user_interview_and_installation_has_its_own():
    keys = {
        draft_key(secret, user_id=user, interview_id=interview)
        for secret in (b"one", b"two")
        for user in ("u1", "u2")
        for interview in ("i1", "i2")
    }
    assert len(keys) == 8
