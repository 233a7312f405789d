"""Sign-in of staff by their own organisation (OpenID Connect), by allauth: code flow, PKCE, a signed ID token.

It opens the door only to staff whom this municipality appointed, found by a verified e-mail address. It makes no
accounts. Who moderates or runs the installation comes in by app or passkey: a city's own server cannot vouch for them.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from jwt import PyJWTError, get_unverified_header

from stoep.access.limits import Limit
from stoep.joining.models import StaffProvider
from stoep.people.models import Person, RoleName
from stoep.places.models import Municipality

STARTED_BY_NETWORK = Limit("staff sign-ins by organisation of a network", 120, timedelta(hours=1))
NOT_OF_CITY = {RoleName.MODERATOR, RoleName.OPERATOR}
PROVIDER = "openid_connect"
AWAY = (requests.RequestException, ValueError, KeyError, TypeError)


class ProviderRefusedError(Exception):
    """`reason`: `away` (no answer, or a wrong one), `state` (begun elsewhere, long ago, twice), `token`, `unknown`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Claims:
    """What the ID token says of who signed in."""

    email: str
    is_verified: bool


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The municipality's own provider and no other; nobody signs up."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        del provider, client_id
        found = provider_of(getattr(request, "municipality", None))
        return [] if found is None else [_app(found)]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        del request, sociallogin
        return False


class _ProviderDoor(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        del app
        return request.build_absolute_uri(reverse("staff_provider_back"))


def provider_of(municipality: Municipality | None) -> StaffProvider | None:
    return None if municipality is None else StaffProvider.objects.filter(municipality=municipality).first()


def way_out(request: HttpRequest) -> HttpResponse:
    """To the organisation's own sign-in page. Raises ProviderRefusedError."""
    door = _door(request)
    try:
        _check_issuer(door)
        provider = door.get_provider()
        provider.oauth2_adapter_class = _ProviderDoor
        answer: HttpResponse = provider.redirect(request, process="login")
    except ImmediateHttpResponse as error:
        raise ProviderRefusedError("away") from error
    except AWAY as error:
        raise ProviderRefusedError("away") from error
    return answer


def who_came_back(request: HttpRequest) -> Person:
    """The member of staff whom the organisation sent back to us. Raises ProviderRefusedError."""
    door = _door(request)
    state = statekit.unstash_state(
        request, provider_id=door.get_provider().sub_id, state_id=request.GET.get("state", "")
    )
    if state is None:
        raise ProviderRefusedError("state")
    issuer = _kept(request).issuer
    if request.GET.get("iss", issuer) != issuer or "code" not in request.GET:
        raise ProviderRefusedError("token")
    claims = _claims(request, door, state.get("pkce_code_verifier"))
    return _appointed(_kept(request).municipality, claims)


def _door(request: HttpRequest) -> Any:
    if provider_of(getattr(request, "municipality", None)) is None:
        raise ProviderRefusedError("away")
    return _ProviderDoor(request, PROVIDER)


def _kept(request: HttpRequest) -> StaffProvider:
    found = provider_of(getattr(request, "municipality", None))
    if found is None:
        raise ProviderRefusedError("away")
    return found


def _check_issuer(door: Any) -> None:
    """Who answers at the issuer's address must be the issuer, and send people nowhere but to addresses with TLS."""
    config, issuer = door.openid_config, door.get_provider().app.settings["server_url"]
    if not hmac.compare_digest(str(config["issuer"]).rstrip("/").encode(), issuer.rstrip("/").encode()):
        raise ProviderRefusedError("away")
    if urlsplit(issuer).scheme == "https":
        ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if any(urlsplit(str(config[end])).scheme != "https" for end in ends):
            raise ProviderRefusedError("away")


def _claims(request: HttpRequest, door: Any, verifier: str | None) -> Claims:
    """From the ID token, which the library checks: issuer, for us, not too old, not used before, and its signature.

    A token that names no key came straight from the token endpoint over TLS all the same, which is as good (OpenID
    Connect Core 3.1.3.7, 6).
    """
    app = door.get_provider().app
    try:
        _check_issuer(door)
        client = door.get_client(request, app)
        answer = client.get_access_token(request.GET["code"], pkce_code_verifier=verifier)
        found = jwtkit.verify_and_decode(
            credential=answer["id_token"],
            keys_url=door.openid_config["jwks_uri"],
            issuer=door.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature="kid" in get_unverified_header(answer["id_token"]),
        )
        if "email" not in found:
            found |= _more(door, answer["access_token"], found["sub"])
    except (OAuth2Error, PyJWTError, *AWAY) as error:
        raise ProviderRefusedError("token") from error
    return Claims(str(found.get("email", "")), found.get("email_verified") is True)


def _more(door: Any, access_token: str, subject: str) -> dict[str, Any]:
    """Some providers tell the address only when asked again; it must be about the same person."""
    told: dict[str, Any] = door._fetch_user_info(access_token)  # noqa: SLF001  allauth's own way to ask
    if told.get("sub") != subject:
        raise ProviderRefusedError("token")
    return {name: told[name] for name in ("email", "email_verified") if name in told}


def _appointed(municipality: Municipality, claims: Claims) -> Person:
    if not claims.email or not claims.is_verified:
        raise ProviderRefusedError("unknown")
    staff = Person.objects.with_email(municipality, claims.email).filter(kind=Person.Kind.STAFF)
    people = [person for person in staff if _is_of_city({role.role for role in person.roles.filter(ended_at=None)})]
    if len(people) != 1:
        raise ProviderRefusedError("unknown")
    return people[0]


def _is_of_city(roles: set[str]) -> bool:
    return bool(roles) and roles.isdisjoint(NOT_OF_CITY)


def _app(kept: StaffProvider) -> SocialApp:
    """As the library wants it; never saved."""
    settings = {"server_url": kept.issuer, "oauth_pkce_enabled": True}
    return SocialApp(
        provider=PROVIDER,
        provider_id=PROVIDER,
        name=kept.name,
        client_id=kept.client_id,
        secret=kept.client_secret,
        settings=settings,
    )
