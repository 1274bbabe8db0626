"""Captions and credits of pictures, by how they begin and end."""

from __future__ import annotations

import re

_AGENCY = (
    r"(?:REUTERS|Reuters|Thomson Reuters|AP|AP Photo|A\.P\.|Associated Press|AFP|Agence"
    r" France-Presse|EPA|EPA-EFE|EFE|EPA Images|Getty(?: Images)?|PA|PA Wire|PA Media|PA Images"
    r"|dpa|DPA|picture[- ]alliance|Xinhua|TASS|ANSA|APA|Keystone|Bloomberg|Shutterstock|Alamy"
    r"|iStock(?:photo)?|IMAGO|imago images|Corbis|Anadolu(?: Agency)?|NurPhoto|ZUMA(?: Press)?"
    r"|WireImage|Unsplash|Press Association|UPI|Kyodo(?: News)?|Yonhap|AAP|CP|The Canadian Press"
    r"|NTB|Ritzau|TT|Lehtikuva|PAP|ČTK|MTI|Lusa|Belga|ANP|Sputnik|RIA Novosti|Wikimedia Commons"
    r"|NASA|Handout)"
)
_CREDITED = re.compile(
    rf"(?:[(\[|]|(?<=\s)|^|/|[.,;:—–-] ?)(?:{_AGENCY}|(?:photo|picture|image|photograph|foto"
    rf"|bild)s?(?: credit| by)?:? [^.\n]{{2,50}}?)\s*(?:/|via|—"
    rf"|–)\s*[^\s/.,;][^\n.!?]{{0,50}}(?:\.[^\s.]{{1,20}})?[)\]|]?\.?$|\(?(?:[^\s().]+"
    rf" ){{0,4}}[^\s().]+ ?/ ?{_AGENCY}(?:[ ,/]+(?:via )?{_AGENCY})?[)\]]?\.?$|[(\[](?:{_AGENCY}"
    rf"|(?:photo|picture|image|photograph|foto|bild|file photo)s?[: ][^()\n]{{2,80}})[)\]]\.?$"
    rf"|(?:via |/|\. |^)(?:Getty Images|Shutterstock|Alamy(?: Stock Photo)?|iStockphoto"
    r"|picture[- ]alliance|PA Wire|AP Photo|EPA-EFE)[)\]]?$"
)
# Agencies that also sign reports. A sentence before such a mark is the reporter's, not a caption:
# "... in April. (dpa)", "... wrote to the press (PA).", "... told AP/Reuters."
_WIRE = (
    r"(?:REUTERS|Reuters|AP|A\.P\.|Associated Press|AFP|Agence France-Presse|EPA|EFE|PA|PA Media"
    r"|Press Association|dpa|DPA|Xinhua|TASS|ANSA|APA|Keystone|Bloomberg|UPI|Kyodo(?: News)?"
    r"|Yonhap|AAP|CP|The Canadian Press|NTB|Ritzau|TT|PAP|ČTK|MTI|Lusa|Belga|ANP|RIA Novosti)"
)
_SIGNED_SENTENCE = re.compile(
    rf"\w[.!?…][\"'”’“»]* [(\[]{_WIRE}[)\]]\.?$|\w[\"'”’“»]* [(\[]{_WIRE}[)\]]\.$"
    rf"|[a-zß-ÿ] {_WIRE} ?/ ?{_WIRE}\.$"
)
# "A crane is lifted over the dam on Monday, May 6, 2024. (AP)" is no report.
_SHOT_ON = re.compile(
    r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? (?:[A-Z][a-z]+\.? \d\d?|\d\d? [A-Z][a-z]+),?"
    r" \d{4}\W"
)
_CREDIT_HINTS = (
    *("/", "(", "[", "via", "—", "–", "Getty", "Shutterstock", "Alamy", "iStock", "alliance"),
    *("PA Wire", "AP Photo", "EPA-EFE"),
)
# "... in March 2024. NORTHLINE/Piet Lassow": any agency in capitals before a name.
_CAPITALS_CREDIT = re.compile(
    r"(?:^|[.!?)\]\"'”’]\s+|\()[A-Z][A-Z-]+(?: [A-Z]{2,}){0,2}/ ?[A-Z\u00c0-\u00de][\w.'’-]*(?:"
    r" [\w.'’-]+){0,4}[)\]]?\.?$"
)
# "... on Monday. Photo: Ada Quill/Northwire"
_LABELLED_CREDIT = re.compile(
    r"[.!?)\]\"'”’]\s+[(\[]?(?:Photo(?:graph|s)?|PHOTO|Pictures?|Images?|Fotos?|Bild|Credit|Crédit)"
    r"(?: credit)?(?:\s?[:©/|]| by| –| -)\s?[A-Z\u00c0-\u00de][^.!?]{1,70}[)\]]?$"
)
_CAPTION_HEAD = re.compile(
    r"[(\[]?(?:(?:file )?(?:photo|photograph|picture|image|illustration|graphic|video)s?(?:"
    r" (?:credit|caption|source|courtesy(?: of)?|by|taken by))?|caption|all photographs|cover"
    r" image|(?:all )?photos(?: by)?|bild(?:quelle|unterschrift|nachweis|rechte)?|fotos?(?:grafía"
    r"|s)?(?: de)?|imagen(?: de)?|imagem|crédito|crédit(?: photo)?|légende|immagine|fotografi[ae]"
    r"|beeld|foto's|zdjęcie|fot\.|фото|图|写真)\s*[:：|©–—/]\s*\S",
    re.I,
)
# "A bridge over a riverImage source, County Archive", then "Image caption, ..."
_LABEL_INSIDE = re.compile(
    r"(?:^|[^\s.!?])(?:Image source|Image caption|Media caption), ?\S[^.!?]*$"
)
_CREDIT_BY = re.compile(
    r"[(\[]?(?:photo(?:graph|s|graphs)?|pictures?|images?|illustration|graphics?|foto|bild)(?:"
    r" credit)? (?:by|courtesy of|supplied by|provided by|von|de|di)"
    r" [A-Z\u00c0-\u00de][^.!?]{1,70}[)\]]?\.?",
    re.I,
)
_CREDIT_ONLY = re.compile(
    rf"[(\[|]?(?:©|\(c\)|Credit:?|Source:)? ?(?:REUTERS|AFP|AP Photo|EPA(?:-EFE)?|Getty"
    rf" Images)(?:[ /]+(?:{_AGENCY}|[A-Z][\w.'’-]+)){{0,5}}[)\]|]?"
    r"|Credit(?: \.{3}|:|…)\s*[A-Z][\w.'’-]+(?: [A-Z\w][\w.'’/-]*){0,7}"
)


def is_caption(text: str) -> bool:
    """Whether a line or paragraph says what a picture shows, or whose it is."""
    if len(text) > 500:
        return False
    if _CREDIT_ONLY.fullmatch(text) or _CREDIT_BY.fullmatch(text):
        return True
    if _LABEL_INSIDE.search(text[-120:]):
        return True
    if _CAPTION_HEAD.match(text):
        # "Image: everything" and "Video: ..." begin no sentence of a story, "Photo by" may.
        return True
    if _CAPITALS_CREDIT.search(text[-120:]) or _LABELLED_CREDIT.search(text[-120:]):
        return True
    # The last 120 characters hold the credit; what is before it is the caption. Looking for what
    # every credit has in it first is ten times as fast.
    tail = text[-120:]
    if not any(hint in tail for hint in _CREDIT_HINTS):
        return False
    if _SIGNED_SENTENCE.search(tail) and not _SHOT_ON.search(tail):
        return False
    return bool(_CREDITED.search(tail)) and not re.search(r"[”\"] (?:said|says)\b", text)


def is_credit(text: str) -> bool:
    """Whether a line is nothing but the credit of a picture."""
    return len(text) <= 120 and bool(_CREDIT_ONLY.fullmatch(text) or _CREDIT_BY.fullmatch(text))


def is_agency_credit(text: str) -> bool:
    """Whether a line is an agency's credit such as "REUTERS/Ada Quill", which ends a caption."""
    credit = _CREDIT_ONLY.fullmatch(text) or _CAPITALS_CREDIT.match(text)
    return len(text) <= 120 and bool(credit)
