"""Seals what allauth keeps about second factors with our key, which lies outside the database."""

from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter

from stoep.common.crypto import seal, unseal
from stoep.people.models import Person

PURPOSE = "joining.second_factor"


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    def encrypt(self, text: str) -> str:
        return seal(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(PURPOSE, encrypted_text)

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, Any]:
        """What a device shows beside a passkey: name and city; it is found again by the id alone."""
        return {
            "id": user_pk_to_url_str(user).encode(),
            "display_name": user.name,
            "name": f"{user.name} ({user.municipality.name})",
        }

    def _get_site_name(self) -> str:
        return "Stoep"
