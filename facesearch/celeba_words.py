"""What people say for CelebA's forty attributes and for their absence, beside their names."""


def _phrases(row: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in row.split(","))


def _lists(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: _phrases(row) for name, row in table.items()}


PHRASES = _lists(
    {
        "5_o_Clock_Shadow": "stubble, stubble beard, stubbly beard, stubbly, stubbled, five "
        "o'clock shadow, 5 o'clock shadow, 5 o clock shadow, five o clock shadow, o'clock shadow, "
        "designer stubble, scruff, light stubble, three day beard, 3 day beard",
        "Arched_Eyebrows": "arched eyebrow, curved eyebrows",
        "Attractive": "handsome, pretty, beautiful, good-looking, gorgeous, cute, hot, sexy, "
        "stunning, nice looking, hunky, good looks, beauty",
        "Bags_Under_Eyes": "bags under eyes, bags below eyes, bags beneath eyes, baggy eyes, "
        "eye bags, under-eye bags, puffy eyes, tired eyes, dark circles, dark circles under eyes, "
        "circles under eyes, rings under eyes, shadows under eyes, tired looking eyes",
        "Bald": "bald, bald-headed, bald head, baldy, hairless, no hair, shaved head, "
        "shaven head, baldness, 🦲",
        "Bangs": "bangs, fringe, fringes, hair over forehead, hair across forehead",
        "Big_Lips": "full lips, thick lips, plump lips, large lips, pouty lips, fleshy lips, "
        "voluptuous lips, fat lips",
        "Big_Nose": "large nose, huge nose, prominent nose, broad nose, wide nose, enormous nose, "
        "bulbous nose",
        "Black_Hair": "black curls, jet black hair, raven hair, raven haired, jet-black",
        "Blond_Hair": "blond, blonde, blonds, blondes, blondie, fair hair, golden hair, gold "
        "hair, flaxen hair, sandy hair, light hair, yellow hair, platinum hair, platinum blonde "
        "hair, dirty blonde hair, dark blonde hair, light blonde hair, dark blonde, light blonde, "
        "platinum blonde, dirty blonde, blond curls, golden curls, 👱",
        "Blurry": "blur, blurred, out of focus, unfocused, fuzzy, unsharp, unclear",
        "Brown_Hair": "brown curls, brunette, brunettes, brunet, brunets, dark brown "
        "hair, light brown hair, medium brown hair, chocolate brown hair, chestnut hair, chestnut "
        "brown hair",
        "Bushy_Eyebrows": "thick eyebrows, heavy eyebrows, full eyebrows, big eyebrows, "
        "strong eyebrows, dense eyebrows, hairy eyebrows, shaggy eyebrows, bushy eyebrow",
        "Chubby": "fat, overweight, plump, obese, stout, heavyset, heavy-set, tubby, podgy, "
        "pudgy, chubby cheeks, chubby face, fat face, fat cheeks, round cheeks, plus size, "
        "full-figured, portly, rotund, corpulent",
        "Double_Chin": "double chin, two chins, second chin",
        "Eyeglasses": "glasses, specs, spectacles, shades, sunglasses, sun glasses, eyewear, "
        "bespectacled, spectacled, pair of glasses, reading glasses, goggles, eyeglass, sunnies, "
        "👓, 🕶, 🤓, 😎, 🥽, 🧐",
        "Goatee": "goatee beard",
        "Gray_Hair": "white hair, silver hair, salt and pepper hair, salt and pepper, greying, "
        "greying hair, going grey, gone grey, silvery hair, silver fox, dark grey hair, "
        "light grey hair, silver grey hair, grey curls, white curls, 🦳",
        "Heavy_Makeup": "make-up, makeup, heavy makeup, lots of makeup, made up, full makeup, "
        "thick makeup, strong makeup, make up on, dolled up, heavily made up, lot of makeup, "
        "cosmetics",
        "High_Cheekbones": "cheekbones, prominent cheekbones, defined cheekbones, "
        "sharp cheekbones, strong cheekbones, high cheek bones, chiselled cheekbones, "
        "pronounced cheekbones",
        "Male": "man, men, geezer, guy, guys, bloke, chap, dude, gentleman, gentlemen, gent, "
        "fella, fellow, boy, lad, father, dad, daddy, grandpa, grandad, granddad, grandfather, "
        "husband, brother, son, uncle, masculine, he, him, his, himself, mister, mr, businessman, "
        "policemen, businessmen, policeman, fireman, boyfriend, king, prince, menfolk, ♂, 👨, 👴, "
        "👦, 🤵, 🤴, 🎅",
        "Mouth_Slightly_Open": "mouth open, open mouth, mouth slightly open, mouth ajar, "
        "open lips, lips parted, parted lips, lips open, slightly open mouth, mouth agape, "
        "gaping, agape, partly open mouth, half-open mouth, mouth half open, 😮, 😲, 😯",
        "Mustache": "moustache, moustaches, moustached, handlebar moustache, 'tache, tash, 🥸",
        "Narrow_Eyes": "small eyes, squinting, squinty eyes, squinting eyes, squinty, squint, "
        "slit eyes, thin eyes, narrowed eyes, eyes narrowed, beady eyes, tiny eyes, little eyes",
        "No_Beard": "clean-shaven, cleanly shaven, clean shave, clean-shaved, shaven, shaved, "
        "smooth-shaven, freshly shaved, smooth cheeks",
        "Oval_Face": "oval face, oval-shaped face, egg-shaped face, oval",
        "Pale_Skin": "pale, fair skin, white skin, pale face, pallid, light skin, porcelain skin, "
        "pasty, ashen",
        "Pointy_Nose": "pointed nose, sharp nose",
        "Receding_Hairline": "receding hair, receding, balding, thinning hair, hair thinning, "
        "going bald, hairline receding, high hairline, losing hair, losing his hair, thin on top, "
        "receded hairline",
        "Rosy_Cheeks": "red cheeks, pink cheeks, blush, blushing, flushed cheeks, flushed, "
        "rosy-faced, ruddy, ruddy cheeks, rosy face, blusher, ruddy face, 😊",
        "Sideburns": "sideburn, mutton chops, muttonchops, sideboards, side whiskers, mutton chop",
        "Smiling": "smile, smiles, smiling face, big smile, broad smile, wide smile, "
        "bright smile, grin, grins, grinning, laugh, laughs, laughing, laughter, beaming, happy, "
        "cheerful, joyful, smiley, toothy smile, big grin, nice smile, happily, chuckling, "
        "slight smile, amused, merry, jolly, having laugh, smirk, smirking, smirks, warm smile, "
        "friendly smile, happy looking, glad, delighted, giggling, toothy grin, "
        "😀, 😃, 😄, 😁, 😆, 😅, 😂, 🤣, 🙂, 😊, ☺, 😎, 🤗, 😍, 🥰, 😇",
        "Straight_Hair": "sleek hair, straightened hair, poker straight hair",
        "Wavy_Hair": "black curls, brown curls, grey curls, white curls, blond curls, golden "
        "curls, curly hair, wavy, curly, curls, waves, permed, perm, "
        "frizzy hair, curled hair, ringlets, 🦱",
        "Wearing_Earrings": "earring, earrings, ear rings, hoops, hoop earrings, ear studs, "
        "studs, stud earrings, ear jewellery, ear ring, pearl earrings, drop earrings",
        "Wearing_Hat": "hat, cap, beanie, fedora, bonnet, beret, bowler, bowler hat, top hat, "
        "trilby, stetson, cowboy hat, sombrero, baseball cap, sunhat, sun hat, straw hat, "
        "headwear, headgear, woolly hat, panama hat, panama, flat cap, bucket hat, snapback, "
        "bobble hat, boater, deerstalker, 👒, 🎩, 🧢, 👲, 🎓, 🪖, 🤠, ⛑",
        "Wearing_Lipstick": "lippy, lip stick, painted lips, lipsticked, 💄, 💋",
        "Wearing_Necklace": "necklace, pearls, pearl necklace, neck chain, chain, gold chain, "
        "pendant, choker, chain around neck, locket, beads, string of pearls, 📿",
        "Wearing_Necktie": "tie, necktie, neck tie, shirt and tie, ties, 👔",
        "Young": "youthful, boy, girl, lad, lass, teen, teenager, teenage, kid, child, children, "
        "baby, toddler, youngster, young looking, young-looking, youth, youths, adolescent, "
        "younger, little boy, little girl, schoolboy, schoolgirl, youngish, teenaged, infant, "
        "twenty-something, 👧, 👦, 👶, 🧒",
    }
)

ANTONYMS = _lists(
    {
        "Attractive": "ugly, unattractive, plain looking, bad looking, homely",
        "Bald": "full head of hair, head full of hair",
        "Big_Lips": "thin lips, small lips, narrow lips",
        "Big_Nose": "small nose, little nose, tiny nose, button nose, petite nose",
        "Blurry": "sharp, in focus, crisp, sharp picture, clear picture, clear photo, "
        "clear image, sharply focused, focused, high quality, well focused",
        "Bushy_Eyebrows": "thin eyebrows, sparse eyebrows, narrow eyebrows, fine eyebrows",
        "Chubby": "slim, thin, skinny, slender, lean, thin face, slim face, gaunt, bony, "
        "narrow face, lean face, scrawny",
        "Heavy_Makeup": "natural face, bare-faced, barefaced, natural look, natural looking, "
        "au naturel, bare face, light makeup, little makeup, minimal makeup, hardly any makeup",
        "High_Cheekbones": "low cheekbones, flat cheekbones",
        "Male": "woman, women, female, females, lady, ladies, girl, lass, gal, gals, mother, mum, "
        "mom, mummy, grandma, grandmother, granny, nan, nana, wife, sister, daughter, aunt, "
        "auntie, feminine, she, her, hers, herself, actress, businesswoman, policewoman, "
        "girlfriend, mrs, ms, miss, madam, chick, dame, womenfolk, waitress, bride, queen, "
        "princess, schoolgirl, ♀, 👩, 👵, 👧, 👸, 👰, 🤶, 🧕",
        "Mouth_Slightly_Open": "mouth closed, closed mouth, mouth shut, shut mouth, lips closed, "
        "closed lips, lips together, lips sealed, tight-lipped, lips pressed together, 🤐",
        "Narrow_Eyes": "big eyes, wide eyes, large eyes, round eyes, huge eyes, eyes wide open, "
        "wide open eyes",
        "No_Beard": "beard, beards, bearded, beardy, facial hair, full beard, unshaven, unshaved, "
        "whiskers, whiskered, 🧔",
        "Pale_Skin": "dark skin",
        "Smiling": "serious, frown, frowns, frowning, stern, grim, straight-faced, straight face, "
        "sad, angry, unhappy, grumpy, scowling, scowl, glum, sullen, neutral, deadpan, "
        "expressionless, serious looking, poker face, gloomy, sombre, dour, serious face, "
        "miserable, grim-faced, stony-faced, sulking, po-faced, solemn, unamused, "
        "😐, 😑, 😠, 😡, 😞, "
        "😢, 😭, ☹, 🙁, 😟, 😔, 😒",
        "Wearing_Hat": "bareheaded, bare-headed, hat off",
        "Young": "old, elderly, older, aged, senior, senior citizen, seniors, oap, pensioner, "
        "pensioners, grandma, grandmother, granny, grandpa, grandad, granddad, grandfather, "
        "old-looking, ageing, aging, geriatric, old age, wrinkled, wrinkly, nan, nana, oldish, "
        "elder, old timer, mature, retired, 👴, 👵, 🧓",
    }
)

# Words that any of several attributes meets, and words that look like an attribute's, but are not.
UNIONS = _lists(
    {
        "dark hair": "Black_Hair, Brown_Hair",
        "jewellery": "Wearing_Earrings, Wearing_Necklace",
        "bling": "Wearing_Earrings, Wearing_Necklace",
    }
) | dict.fromkeys(
    _phrases(
        "black and white, black eye, black eyes, blurry background, bow tie, bow ties, bowtie, "
        "clear background, ear cuff, full moustache, glass of wine, hairless chin, hair band, "
        "hair tie, happy birthday, hot pink, middle age, middle-aged, nose ring, old-fashioned, "
        "old photo, old photograph, old picture, old school, plain background, sharp features, "
        "sharp jaw, sharp suit, sharp tie, shaved legs, straight man, thin beard, thin hair, thin "
        "moustache, thin necklace, thin tie, tie dyed, tie-dye, wavy background, wine glass, wine "
        "glasses, year old, years old, young at heart, yr old, yrs old"
    ),
    (),
)
