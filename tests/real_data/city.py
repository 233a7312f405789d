"""A real city with one member of its staff, who does everything in the browser."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from stoep.operations.cast import JOINED_AT
from stoep.people.models import Person, Role, RoleName
from stoep.places.models import Municipality
from stoep.rollout.models import ImportRun


@dataclass(frozen=True)
class CityHall:
    """`import_file` does what a rollout manager does: choose a file, look, press the button."""

    city: Municipality
    browser: Client

    def show(self, kind: str, path: Path, *, name: str = "") -> ImportRun:
        file = SimpleUploadedFile(name or path.name, path.read_bytes())
        answer = self.browser.post(reverse("imports"), {"kind": kind, "file": file})
        assert answer.status_code == 302, answer.content.decode()
        run = ImportRun.objects.get(pk=UUID(answer["Location"].rstrip("/").rsplit("/", 1)[1]))
        assert self.browser.get(answer["Location"]).status_code == 200
        assert run.state == ImportRun.State.SHOWN, run.message
        return run

    def import_file(self, kind: str, path: Path) -> ImportRun:
        run = self.show(kind, path)
        self.browser.post(reverse("import_application", args=[run.pk]))
        run.refresh_from_db()
        assert run.state == ImportRun.State.APPLIED
        return run

    def page(self, name: str, *arguments: object) -> str:
        answer = self.browser.get(reverse(name, args=arguments))
        assert answer.status_code == 200
        return answer.content.decode()


def city_hall(name: str) -> CityHall:
    slug = name.lower()
    city = Municipality.objects.create(
        slug=slug, name=name, host=f"buurt.{slug}.example", postcode="3500", created_at=JOINED_AT
    )
    manager = Person.objects.create(
        municipality=city, kind=Person.Kind.STAFF, name="Tom Nijs", language="en", joined_at=JOINED_AT
    )
    Role.objects.create(person=manager, role=RoleName.ROLLOUT, granted_at=JOINED_AT)
    browser = Client()
    browser.force_login(manager, backend="stoep.people.backend.PersonBackend")
    return CityHall(city, browser)
