"""A campaign in, what its workbooks are examined with out: forms, scheme, limits and season, all found usable."""

from dataclasses import replace

from evalbatch.campaign import Campaign
from evalbatch.examine import Setup, lexicon_of, scheme_of
from evalbatch.forms import form_paths
from evalbatch.intake import Limits
from evalbatch.reading import form_versions


def setup_of(campaign: Campaign) -> Setup:
    """Gather what every workbook of this campaign is examined with. Refused when a form or the scheme is broken."""
    limits = campaign.settings.limits
    forms = form_paths(campaign.templates)
    lexicon_of(forms)
    setup = Setup(
        forms=forms,
        scheme=campaign.scheme_path,
        limits=Limits(file_bytes=limits.file_mb << 20, seconds=limits.seconds, memory_bytes=limits.memory_mb << 20),
        season=replace(campaign.season, versions=form_versions(forms)),
    )
    scheme_of(setup.scheme)
    return setup
