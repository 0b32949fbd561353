"""A campaign in, what its workbooks are examined with out: forms, scheme, limits and season, all found usable."""

from dataclasses import replace

from evalbatch.campaign.approved import weight_faults
from evalbatch.campaign.folder import Campaign
from evalbatch.campaign.form_names import TITLES
from evalbatch.checks.catalogue import CATALOGUE
from evalbatch.forms.places import form_paths
from evalbatch.reading.layout import form_versions
from evalbatch.scoring.scheme import Scheme
from evalbatch.scoring.sense import Known
from evalbatch.scoring.workbook import load_scheme
from evalbatch.unit.examine import Setup, lexicon_of, scheme_of
from evalbatch.xlsx.limits import Limits


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
        keep_active=campaign.settings.keep_active,
    )
    checked_scheme(campaign)
    scheme_of(setup.scheme)
    return setup


def checked_scheme(campaign: Campaign) -> Scheme:
    """Read a campaign's scheme and hold it to the fields, forms and checks there are. Refused when it is broken."""
    forms = form_paths(campaign.templates)
    lexicon = lexicon_of(forms)
    known = Known(
        fields=frozenset(lexicon.names.values()),
        forms=frozenset((*TITLES, *lexicon.forms.values())),
        codes=frozenset(CATALOGUE),
    )
    return load_scheme(campaign.scheme_path, known)


def weights_not_adding_up(campaign: Campaign, scheme: Scheme) -> tuple[str, ...]:
    """Say which approved targets have weights that do not come to the full mark: the bureau's to put right."""
    execution = {form: line.weight for form in TITLES if (line := scheme.execution_line(form)) and line.weight}
    return weight_faults(campaign.season.approved, campaign.settings.full_mark, execution)
