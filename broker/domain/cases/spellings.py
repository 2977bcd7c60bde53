"""Spellings of one name, as people hear and write them: each line is one name in its forms.

Only what sound alone does not bring together stands here (`broker.domain.cases.likeness`). No name
says anything of who bears it; a line joins spellings and nothing else.
"""

from typing import Final

SPELLINGS: Final[tuple[str, ...]] = (
    "mohammed mohamed muhammad muhammed mohammad mohamad mehmet mohamud mahomed mohd muhamad",
    "ahmed ahmad ahmet achmed ahamed",
    "hussein hussain husain hossein hosain huseyin hossain husein",
    "hassan hasan hassen",
    "yusuf yousef youssef yousaf yosef yusef yussuf youssouf",
    "ibrahim ebrahim ibraheem ibrahima",
    "aisha ayesha aysha aicha aishah ayisha",
    "fatima fatimah fatma fatema",
    "zainab zaynab zeinab zeynep zaineb",
    "khadija khadeeja khadijah hadija",
    "omar umar omer oumar",
    "osman usman uthman othman ousmane",
    "abdullah abdallah abdulla abdoulaye",
    "sean shaun shawn shane seán",
    "sian shan siân",
    "catherine katherine kathryn katharine catharine katarina katrina",
    "stephen steven stefan stephan",
    "geoffrey jeffrey jeffery geoffery",
    "ian iain eoin owen eoghan",
    "neil neal niall neill",
    "rhys reece rees reese",
    "john jon johan",
    "michael mikael michal mihai",
    "alexander aleksander alexandre aleksandr",
    "louis lewis luis",
    "reid reed read reade",
    "smith smyth smythe",
    "clark clarke clerk",
    "thomson thompson tomson",
    "macdonald mcdonald",
    "davies davis davys",
    "hughes hewes huws",
    "evans evens ifans",
    "chowdhury choudhury chaudhry chaudhary chowdhry choudhary",
    "hussaini husseini",
    "rahman rehman rahaman",
    "sheikh shaikh shaykh",
    "begum begam",
    "nguyen nguen",
    "zofia sofia sophia sofiya",
    "jozef josef joseph yosif",
    "piotr peter petr pyotr",
)
"""Forms of one name, with spaces between."""
