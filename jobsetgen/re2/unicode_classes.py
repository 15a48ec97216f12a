r"""The names that `\p{...}` may have in Go's regexp package, in lower case and without `_`, `-` and spaces.

They are those of Go 1.26, which the JobSet controller is built with. It leaves such separators out of what it looks
up, and so finds no script whose own name has one: `\p{Old_Italic}` does not compile there.
"""

from __future__ import annotations

_CATEGORIES = """
any ascii assigned c cc cf cn co cs l lc ll lm lo lt lu m mc me mn n nd nl no p pc pd pe pf pi po ps s sc sk sm so
z zl zp zs
casedletter closepunctuation cntrl combiningmark connectorpunctuation control currencysymbol dashpunctuation
decimalnumber digit enclosingmark finalpunctuation format initialpunctuation letter letternumber lineseparator
lowercaseletter mark mathsymbol modifierletter modifiersymbol nonspacingmark number openpunctuation other otherletter
othernumber otherpunctuation othersymbol paragraphseparator privateuse punct punctuation separator spaceseparator
spacingmark surrogate symbol titlecaseletter unassigned uppercaseletter
"""

_SCRIPTS = """
adlam ahom arabic armenian avestan balinese bamum batak bengali bhaiksuki bopomofo brahmi braille buginese buhid
carian chakma cham cherokee chorasmian common coptic cuneiform cypriot cyrillic deseret devanagari dogra duployan
elbasan elymaic ethiopic georgian glagolitic gothic grantha greek gujarati gurmukhi han hangul hanunoo hatran hebrew
hiragana inherited javanese kaithi kannada katakana kawi kharoshthi khmer khojki khudawadi lao latin lepcha limbu lisu
lycian lydian mahajani makasar malayalam mandaic manichaean marchen medefaidrin miao modi mongolian mro multani
myanmar nabataean nandinagari newa nko nushu ogham oriya osage osmanya palmyrene phoenician rejang runic samaritan
saurashtra sharada shavian siddham sinhala sogdian soyombo sundanese syriac tagalog tagbanwa takri tamil tangsa tangut
telugu thaana thai tibetan tifinagh tirhuta toto ugaritic vai vithkuqi wancho yezidi yi
"""

CLASSES = frozenset((_CATEGORIES + _SCRIPTS).split())
"""Every such name."""
