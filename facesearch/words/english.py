"""English words that a sentence is made of, whatever the vocabulary, and what each does in it."""

from typing import Literal

# "no" denies a list of things that goes on with "or" and "and"; "without" also one with commas;
# "not" denies one quality; "non" the next word alone; "except" what follows, or else its denial;
# "open" leaves what follows open.
Role = Literal[
    "no", "without", "not", "non", "open", "or not", "nor", "and", "or", "comma", "break", "with",
    "wearing", "a", "free", "except", "colon", "little",
]  # fmt: skip
DENYING: frozenset[Role] = frozenset({"no", "without", "not", "non"})


def word_set(text: str) -> frozenset[str]:
    """The words of a text that spaces part."""
    return frozenset(text.split())


_BY_ROLE: dict[Role, str] = {
    "no": "no neither none nobody less fewer zero no+longer no+more 🚫 ❌ ⛔",
    "without": "without w/o w/out lacking lacks lack minus sans exclude excludes "
    "rather+than instead+of free+of devoid+of avoid avoiding",
    "except": "except except+for excepting excluding apart+from other+than everyone+but "
    "everybody+but anyone+but anybody+but anything+but all+but",
    "colon": ": = ?",
    "not": "not isnt arent wasnt werent dont doesnt didnt hasnt havent hadnt wont cant cannot aint "
    "never hardly barely scarcely",
    "non": "non",
    "open": "with+or+without with+/+without w/+or+w/o with+and+without",
    "nor": "nor",
    "or not": "or+not",
    "and": "and n plus also as+well+as along+with together+with +",
    "or": "or and+/+or alternatively | /",
    "comma": ",",
    "break": "but though although yet while whilst whereas however because then . ; ! ( ) [ ] "
    "\u2013 \u2014 \u2026",
    "with": "with w w/ has who whos which is are was were",
    "wearing": "wearing having showing sporting wears shows sports",
    "a": "a an",
    "free": "free off",
    "little": "the this that these those some any all every each other another one ones of in on "
    "at to from for by as about around i im id me my we us our you your it its they them their "
    "theirs he him his himself she her hers herself there here please pls thanks find finding "
    "show search searching look looking looks looked like likes want wants wanted need needs get "
    "give list see face faces photo photos photograph photographs picture pictures pic pics image "
    "images portrait portraits shot shots headshot selfie somebody someone anybody anyone "
    "everybody everyone person persons people human humans individual individuals folk folks "
    "whose be been being am do does did have had wear wore worn puts put would could should can "
    "may might must will just only very really quite rather somewhat slightly bit little+bit "
    "a+little kind+of sort+of type+of lot lots kinda sorta too so such more most much many both "
    "either maybe perhaps possibly probably preferably ideally definitely clearly visible visibly "
    "obvious obviously noticeable apparently appears appearing appear seems seem got if when "
    "where what how expression expressions colour color coloured colored yes yeah ok okay hi "
    "hello hey um uh er oh totally completely fully extremely super particularly especially "
    "fairly actually still even now today not+only not+just nothing+but but+also of+any+kind "
    "not+so+much",
}
ROLES: dict[str, Role] = {
    words.replace("+", "") or "+": role
    for role, listed in _BY_ROLE.items()
    for words in listed.split()
}
LONGEST_ROLE = 4  # words of a role that are several in a row

# Subjects that tell who is spoken of, unless another word does.
PRONOUNS = word_set("he him his himself she her hers herself")

SPELLINGS = {
    **{"&": "and"},
    **{"gray": "grey", "greyish": "grey", "grayish": "grey", "graying": "greying"},
    **{"mustache": "moustache", "mustaches": "moustaches", "mustached": "moustached"},
    **{"mustachioed": "moustached", "moustachioed": "moustached", "stache": "moustache"},
    **{"jewelry": "jewellery", "jewelery": "jewellery", "jewels": "jewellery"},
    **{
        "haired": "hair",
        "hairs": "hair",
        "locks": "hair",
        "tresses": "hair",
        "eyed": "eyes",
        "lipped": "lips",
        "nosed": "nose",
    },
    **{"browed": "eyebrows", "brows": "eyebrows", "brow": "eyebrow", "cheeked": "cheeks"},
    **{"skinned": "skin", "complexion": "skin", "complexioned": "skin", "faced": "face"},
    **{
        "hatted": "hat",
        "chinned": "chin",
        "mouthed": "mouth",
        "blonde": "blond",
        "blondes": "blonds",
    },
}

# Adjectives that may stand between one of a vocabulary and its noun: "black wavy long hair".
SHADES = word_set(
    "red ginger auburn pink blue green purple orange yellow white turquoise teal violet maroon "
    "beige cream tan hazel amber olive navy lilac magenta crimson scarlet copper bronze chestnut"
)
MODIFIERS = SHADES | word_set(
    "long short medium shoulder length mid cropped thick thin fine shiny glossy silky smooth soft "
    "messy tidy neat dyed natural bleached highlighted tousled slick sleek wild loose big large "
    "small tiny huge great wide broad narrow round square full heavy light dark bright deep pale "
    "untidy unkempt trimmed nice lovely very"
)

# Nouns whose adjectives say nothing of hair or skin: "pale eyes", "blonde beard", "sharp suit".
NOUNS = word_set(
    "hair eye eyes eyebrow eyebrows eyelash eyelashes lashes nose mouth lip lips tooth teeth "
    "cheek cheeks chin jaw jawline forehead ear ears neck skin cheekbone cheekbones beard beards "
    "moustache moustaches whiskers sideburns shirt tshirt top blouse dress suit jacket coat "
    "sweater jumper hoodie vest waistcoat scarf gown uniform trousers jeans skirt clothes "
    "clothing outfit background wall frame frames eyeshadow eyeliner nails gloves shoes collar "
    "leather"
)

# What somebody is, more than has: "no hat and smiling" denies the hat alone.
QUALITIES = word_set(
    "bald young old elderly aged older younger pale chubby fat plump stout obese overweight "
    "blurry fuzzy attractive pretty beautiful handsome gorgeous cute happy cheerful serious stern "
    "grim sad angry unhappy blond brunette curly wavy grey sexy ugly plain slim thin skinny lean "
    "sharp crisp youthful stubbly scruffy open closed shut rosy ruddy shaven natural focus"
)
PERSONS = word_set(
    "man men woman women boy boys girl girls guy guys bloke blokes lad lads lass lasses lady "
    "ladies gentleman gentlemen gent gents chap chaps dude dudes fella fellow male males female "
    "females kid kids child children teen teens teenager teenagers baby babies adult adults mum "
    "mom mother dad father grandma grandmother grandpa grandfather granny grandad brother sister "
    "son daughter husband wife actress businessman businesswoman gal gals youngster youngsters "
    "youth"
)
