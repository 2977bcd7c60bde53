"""What roles are called on pages."""

from collections.abc import Mapping
from types import MappingProxyType

from broker.domain.roles import Role

_TITLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.PRACTITIONER: "Practitioner",
        Role.MANAGER: "Manager",
        Role.LEAD: "Prevent or safeguarding lead",
        Role.GUARDIAN: "Caldicott Guardian",
        Role.IG: "Information governance",
        Role.HR: "Human resources",
        Role.SUPERVISOR: "Supervisor",
        Role.KEEPER: "Keeper of the directory",
        Role.POLICE: "Police officer",
        Role.POLICE_LEAD: "Police Prevent lead",
        Role.ADULTS_LEAD: "Lead for adults",
        Role.FAMILIES_LEAD: "Lead for children and families",
        Role.COORDINATOR: "Panel coordinator",
        Role.CHAIR: "Panel chair",
        Role.MEMBER: "Panel member",
        Role.AUDITOR: "Auditor",
        Role.ASSURANCE: "Assurance",
        Role.ADMINISTRATOR: "Administrator",
        Role.OPERATOR: "Operator",
        Role.CLIENT: "System of a partner",
    }
)


def title_of(role: Role) -> str:
    """Return the title of a role, as it stands before the name of a body."""
    return _TITLES[role]
