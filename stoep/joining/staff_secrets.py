"""Seals what allauth keeps about second factors with our key, which lies outside the database."""

from allauth.mfa.adapter import DefaultMFAAdapter

from stoep.common.crypto import seal, unseal

PURPOSE = "joining.second_factor"


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    def encrypt(self, text: str) -> str:
        return seal(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(PURPOSE, encrypted_text)
