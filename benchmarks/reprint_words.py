# ruff: noqa: E501 - vocabularies of four languages
"""Words and frames that ``reprint_stories.py`` makes agency stories of: English, Polish, Arabic, Chinese.

All of it is made up here. Phrases stand in the case and gender that their place in a sentence asks for, so
that sentences put together from them are grammatical; whether they are sensible is another matter, and no
measurement here depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """What stories of one language are made of.

    A sentence is one of `shapes`, with each {slot} filled from the list of that name; {n2-90} is a number,
    {name} a person of the story, {town} its town, {of} one of its subjects. `frames` are reports that fill
    one form; `style` what another house writes for the same words; `misread` what a scanner makes of a
    character.
    """

    code: str
    slots: dict[str, list[str]]
    shapes: list[str]
    headlines: list[str]
    dateline: str
    inserted: list[str]
    style: list[tuple[str, str]]
    quotes: tuple[str, str]
    other_quotes: tuple[str, str]
    misread: dict[str, str]
    frames: dict[str, str]
    space: str = " "
    stop: str = "."


def _list(phrases: str) -> list[str]:
    return [p.strip() for p in phrases.replace("\n", " ").split("|")]


def _pairs(pairs: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b in (p.split(">") for p in pairs.replace("\n", "").split("|"))]


def _lines(lines: str) -> list[str]:
    return [line for line in lines.split("\n") if line.strip()]


_LATIN_MISREAD = {
    "a": "o", "b": "h", "c": "e", "d": "cl", "e": "c", "f": "t", "g": "q", "h": "b", "i": "l", "j": "i",
    "k": "lc", "l": "1", "m": "rn", "n": "u", "o": "0", "p": "n", "q": "g", "r": "t", "s": "5", "t": "f",
    "u": "n", "v": "y", "w": "vv", "x": "z", "y": "v", "z": "x", "I": "l", "O": "0", "S": "5", "B": "8",
    "0": "O", "1": "l", "2": "Z", "3": "8", "4": "A", "5": "S", "6": "G", "7": "1", "8": "3", "9": "g",
    ".": ",", ",": ".",
}  # fmt: skip

ENGLISH = Language(
    code="en",
    slots={
        "first": _list("Anna|Brian|Clara|Derek|Edith|Farid|Grace|Harold|Irene|Jonas|Kezia|Leonard|Marta|Nigel|Olive|Peter|Ruth|Samir|Teresa|Victor"),
        "last": _list("Abbott|Brannigan|Coulter|Dunmore|Ellery|Fairholme|Garrity|Hollis|Imrie|Jessop|Kilbride|Lomax|Maddock|Nesbitt|Okafor|Prendergast|Quayle|Rowntree|Stannard|Tolliver|Underhill|Venables|Wexcombe|Yardley"),
        "title": _list("Mayor|Dr.|Professor|Governor|Judge|Minister|Captain|Councillor"),
        "town": _list("Port Ellery|Marwick|Stanhope Bay|Holloway|Eastmere|Corran|Lindale|Tarrant|Ashbridge|Penholt|Westray|Grimsdale|Fenwick Cross|Abermouth"),
        "agency": _list("Reuters|AP|AFP|dpa|PA Media"),
        "month": _list("January|February|March|April|May|June|July|August|September|October|November|December"),
        "day": _list("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"),
        "who": _list("the regional council|the port authority|the finance ministry|a panel of engineers|the police commissioner|the teachers' union|the central bank|the hospital board|an appeal court|the shipping company|the opposition leader|a group of residents|the fire service|the national auditor|the energy regulator|the railway operator|the farm lobby|the university senate|a parliamentary committee|the weather service|the steel maker|the budget office|the harbour pilots|the football federation"),
        "did": _list("approved|rejected|delayed|defended|criticised|postponed|welcomed|questioned|blocked|funded|reviewed|abandoned|announced|opposed|confirmed|suspended|challenged|withdrew|endorsed|shelved"),
        "noun": _list("closure|expansion|sale|inspection|rebuilding|purchase|renovation|funding|opening|valuation|relocation|demolition|privatisation|takeover|audit|design|insurance|lease|extension|management"),
        "of": _list("railway bridge|cardiac ward|container terminal|tram line|coal mine|village school|sewage works|wind farm|ferry fleet|city archive|cattle market|desalination plant|coastal highway|data centre|opera house|grain silo|prison wing|river lock|shipyard|power grid|copper smelter|public library|airport runway|flood barrier|maternity clinic|cement factory|football stadium|bus depot|water reservoir|customs office|refugee hostel|chemical store|dairy cooperative|gas pipeline|television tower|sugar refinery"),
        "when": _list("on {day}|late on {day}|earlier this month|after a meeting on {day}|within hours of the vote|last {day}|at the start of the week|before dawn on {day}|two days after the accident|in a statement on {day}|over the weekend|for the third time this year"),
        "where": _list("in {town}|outside the town hall|at a crowded hearing|near the old quay|in the capital|along the southern border|across three districts|at the regional court|on the eastern shore|in a packed lecture hall"),
        "why": _list("because the money had run out|after months of bitter argument|despite protests from local shops|although no contract has been signed|to avoid a second winter of shortages|as prices kept rising|while investigators examine the records|in return for a promise of jobs|since the old permit expired|without consulting the neighbours|so that work can begin in spring|following a string of near misses|under pressure from lenders|even as passenger numbers fell|pending a ruling by judges|in line with a promise made at the election"),
        "qa": _list("We cannot wait|Nobody should have to live|The families deserve an answer|I have never seen anything like it|This is not about politics|It will take years|People are tired of hearing|We warned them|There is no money left|My phone has not stopped ringing|The numbers simply do not add up|Every one of us knew"),
        "qb": _list("for another winter|with that kind of uncertainty|before the summer season|until somebody takes charge|while the engineers argue|when the water rises again|after all these promises|as long as the gates stay shut|once the cameras have gone|without a proper plan"),
        "qc": _list("and the council knows it|but we will keep asking|and that is a disgrace|so we went to court|and I told them as much|which is why we are here|and nobody has apologised|but there is still hope|and the clock is ticking|however much it costs"),
        "said": _list("said|told reporters|said by telephone|wrote in a letter|told the hearing|said outside the building"),
    },
    shapes=_lines("""{Who} {did} the {noun} of the {of} {when}, {why}.
{When}, {who} {did} the {noun} of the {of} {where}.
The {noun} of the {of} was {did2} by {who} {when} {why}, said {title} {name}.
{title} {name} {did} the {noun} of the {of} {why}.
“{qa} {qb}, {qc},” {said} {title} {name}.
{name}, {n23-71}, who works at the {of}, {said}: “{qa} {qb}.”
Some {n12-950} people gathered {where} {when}, {why}.
The cost of the {noun} was put at ${n2-90}.{n1-9} million, up from ${n2-90} million in {n1995-2024}.
At least {n3-90} percent of those asked by {who} opposed the {noun} of the {of}, {why}.
{Who} has until {month} {n1-28} to appeal against the {noun} of the {of}.
A report seen by this agency shows that {who} {did} the {noun} of the {of} {n2-19} years ago.
The {of} employs {n40-980} people {where}, and {n3-39} of them were told to stay at home {when}.
{Who} declined to comment {when}, but {name} {said} the {noun} of the {of} would go ahead {why}."""),
    headlines=_lines("""{town} {of} {noun} {did2} {why}
{Who} {did} {noun} of {town} {of}
{n12-950} protest {of} {noun} in {town}"""),
    dateline="{TOWN}, {month} {n1-28} ({agency}) — ",
    inserted=_lines("""READ MORE: {headline}
RELATED: {headline}
A view of the {of} in {town}, {month} {n1-28}, {n2015-2024}. © {agency} / {name}
Photo: {name}/{agency}
{title} {name} at the {of}. (Picture: {name})
Story continues below advertisement
Share this article on Facebook and Twitter
Sign up for our morning newsletter
Reporting by {name}; Editing by {name}
© {n2015-2024} {agency}. All rights reserved.
Follow us for the latest news from {town}."""),
    style=_pairs("percent>per cent|centre>center|harbour>harbor|criticised>criticized|privatisation>privatization|Professor>Prof.|Governor>Gov.|told reporters>said|January>Jan.|February>Feb.|August>Aug.|September>Sept.|October>Oct.|November>Nov.|December>Dec.|railway>rail|Some >About | two > 2 | three > 3 |million>mln|At least>More than|town hall>Town Hall| — >: "),
    quotes=("“", "”"),
    other_quotes=('"', '"'),
    misread=_LATIN_MISREAD,
    frames={
        "weather": """{town} weather
It will be {sky} in the morning and {sky} by the afternoon, with {wind} winds along the coast and {wind} ones inland.
Expect {sky} skies over the hills, where the ground will be {ground}, and {sky} spells in the valleys.
The roads will be {ground} after dark, and drivers should allow more time than usual for their journeys.
The sea will be {sea} at first, becoming {sea}, and small craft are advised to stay in port until the evening.
Pollen will be {level}, the danger of forest fire {level}, and the quality of the air {level}.
The outlook for the following days is {sky}, then {sky}, with temperatures that are usual for the season.""",
        "result": """{town} {n0-6}, {town} {n0-6}
{name} scored after {n2-44} minutes and {name} added another in the {n46-89}th as the hosts beat {town} by {n2-6} goals to {n0-1}.
A crowd of {n900-39000} saw the referee {name} show {n1-8} yellow cards in a match that was played at a quick pace.
The winners climb to {n2-9}th place in the table with {n20-60} points from {n15-30} games, and the losers stay {n10-18}th.
{name} missed a penalty for the visitors in the {n46-89}th minute, and {name} was carried off with an injured knee.
Both sides play again next {day}, when the winners travel to {town} and the losers receive {town}.""",
        "market": """Grain and cattle prices, {town}
Milling wheat sold at {n150-290} a tonne, feed barley at {n110-240} and oats at {n90-220}, with {n40-900} tonnes on offer.
Store cattle made up to {n700-1900} a head and averaged {n500-1400}; the best bullocks came from the farm of {name}.
Prime lambs averaged {n150-290} pence a kilo, against {n150-290} last week, and {n200-2900} of them were penned.
Cull ewes were dearer, at {n40-140} apiece, and weaners sold at {n30-90} from the yard of {name}.
Hay and straw met a steady trade. The next sale will be held on {day}, and entries close two days before it.""",
        "obituary": """{name}
{name}, aged {n61-99}, of {town}, passed away peacefully at home on {day}, {month} {n1-28}, with the family around the bed.
Born in {town} in {n1924-1960}, {name} worked as a {job} for {n9-44} years and was a keen {hobby} all through life.
The funeral will be held at the parish church of {town} on {day} at {n9-15}.{n10-59}, and all who knew the deceased are welcome.
{first}, {first} and {first}, and {n2-14} grandchildren, mourn a kind parent who never lost a sense of humour.
No flowers are asked for; gifts may be sent to the society of {hobby}s or left in the box at the church door.""",
        "horoscope": """Your stars for the week
Aries: a {mood} week, in which {thing} matters more than {thing}. Be {mood} with those who ask you about {thing}.
Taurus: let {thing} wait, and give your {mood} side a chance; the weekend is made for {thing}.
Gemini: somebody {mood} will bring news of {thing}. Do not mistake it for {thing}, however {mood} it looks.
Cancer: your {mood} mood passes when you turn to {thing}, and {thing} can be left for another day.
Leo: think of {thing} before {thing}, and stay {mood} when others are not. An old friend needs you.""",
    },
)  # fmt: skip
ENGLISH.slots.update(
    did2=_list("approved|rejected|delayed|defended|criticised|postponed|questioned|blocked|funded|reviewed|abandoned|opposed|suspended|challenged|shelved"),
    sky=_list("cloudy|sunny|bright|overcast|misty|showery|hazy|dull|foggy|fair|wet|clear|damp|gloomy"),
    wind=_list("light|fresh|strong|gusty|moderate|gentle|biting|changeable"),
    ground=_list("icy|soft|muddy|dry|frozen|slippery|flooded|dusty"),
    sea=_list("calm|choppy|rough|slight|heavy|smooth"),
    level=_list("low|high|moderate|severe|poor|good|middling"),
    job=_list("teacher|miner|baker|nurse|printer|joiner|postman|clerk|pilot|shepherd"),
    hobby=_list("angler|gardener|singer|cyclist|bell-ringer|bee-keeper|chess player|rambler"),
    mood=_list("gentle|stubborn|cheerful|careful|restless|generous|patient|bold|sober|curious|tired|lucky"),
    thing=_list("money|family|love|work|travel|the garden|an old letter|your health|a promise|music|the neighbours|sleep|a debt|the kitchen"),
)  # fmt: skip

POLISH = Language(
    code="pl",
    slots={
        "first": _list("Adam|Bartosz|Cezary|Damian|Edward|Filip|Grzegorz|Henryk|Igor|Jakub|Kamil|Łukasz|Marek|Norbert|Olgierd|Paweł|Rafał|Szymon|Tomasz|Witold"),
        "last": _list("Borowiec|Chmura|Dąbek|Figura|Gołąb|Hajduk|Iwanicki|Jeziorny|Kędzior|Lisiecki|Łapiński|Mżyk|Nawrot|Ogórek|Pietrzyk|Rogalski|Ścibor|Trzaska|Urbaniec|Wieczorek|Zaręba|Żurawski|Świątek|Kozłowicz"),
        "title": _list("burmistrz|dr|prof.|wojewoda|sędzia|minister|kapitan|radny"),
        "town": _list("Brzezina|Olszany|Kamionka|Wierzbowo|Zalesie|Trzciana|Rudniki|Sosnowa|Górzno|Lipiny|Mostowo|Jaworze"),
        "agency": _list("PAP|IAR|Reuters|AFP|KAI"),
        "month": _list("stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia"),
        "day": _list("w poniedziałek|we wtorek|w środę|w czwartek|w piątek|w sobotę|w niedzielę"),
        "who": _list("sejmik województwa|zarząd portu|resort finansów|zespół inżynierów|komendant policji|związek nauczycieli|bank centralny|dyrektor szpitala|sąd apelacyjny|armator promów|lider opozycji|komitet mieszkańców|dowódca straży|inspektor budowlany|regulator energetyki|przewoźnik kolejowy|samorząd rolniczy|senat uczelni|klub parlamentarny|synoptyk instytutu|koncern stalowy|rzecznik wojewody|konserwator zabytków|związek piłkarski"),
        "did": _list("poparł|odrzucił|opóźnił|skrytykował|zapowiedział|zablokował|sfinansował|ocenił|wstrzymał|potwierdził|zaskarżył|obiecał|zakwestionował|przyspieszył|zarekomendował|ujawnił|wymusił|uzgodnił"),
        "noun": _list("budowę|remont|sprzedaż|kontrolę|zakup|przebudowę|wycenę|zamknięcie|otwarcie|finansowanie|rozbiórkę|prywatyzację|przejęcie|audyt|projekt|ubezpieczenie|dzierżawę|rozbudowę|odbiór|harmonogram"),
        "of": _list("mostu kolejowego|oddziału kardiologii|terminalu kontenerowego|linii tramwajowej|kopalni węgla|szkoły wiejskiej|oczyszczalni ścieków|farmy wiatrowej|floty promów|archiwum miejskiego|targowiska bydła|stacji uzdatniania|drogi nadmorskiej|centrum danych|gmachu opery|magazynu zboża|aresztu śledczego|śluzy rzecznej|stoczni remontowej|sieci energetycznej|huty miedzi|biblioteki publicznej|pasa startowego|wału przeciwpowodziowego|izby porodowej|cementowni|stadionu piłkarskiego|zajezdni autobusowej|zbiornika retencyjnego|urzędu celnego|ośrodka dla uchodźców|składu chemikaliów|mleczarni spółdzielczej|gazociągu|wieży telewizyjnej|cukrowni"),
        "when": _list("{day}|{day} wieczorem|na początku miesiąca|po naradzie {day}|kilka godzin po głosowaniu|w ubiegłym tygodniu|jeszcze przed świtem|dwa dni po wypadku|w oświadczeniu wydanym {day}|w weekend|już trzeci raz w tym roku"),
        "where": _list("w gminie {town}|przed ratuszem|podczas burzliwej debaty|niedaleko starego nabrzeża|w stolicy|wzdłuż południowej granicy|w trzech powiatach|w sądzie okręgowym|na wschodnim brzegu|w pełnej sali wykładowej"),
        "why": _list("bo skończyły się pieniądze|po wielu miesiącach sporów|mimo protestów miejscowych kupców|choć nie podpisano jeszcze umowy|aby uniknąć kolejnej trudnej zimy|ponieważ ceny wciąż rosną|gdy śledczy badają dokumenty|w zamian za obietnicę miejsc pracy|odkąd wygasło dawne pozwolenie|nie pytając o zdanie sąsiadów|żeby prace ruszyły wiosną|po serii groźnych zdarzeń|pod naciskiem wierzycieli|choć pasażerów ubywało|do czasu wyroku sądu|zgodnie z obietnicą z kampanii"),
        "qa": _list("Nie możemy czekać|Nikt nie powinien tak żyć|Rodziny zasługują na odpowiedź|Nigdy czegoś takiego nie widziałem|Tu nie chodzi o politykę|To potrwa całe lata|Ludzie mają dość słuchania|Ostrzegaliśmy ich|Pieniędzy już nie ma|Telefon nie przestaje dzwonić|Te liczby się nie zgadzają|Każdy z nas wiedział"),
        "qb": _list("do następnej zimy|w takiej niepewności|przed sezonem letnim|dopóki ktoś tego nie przejmie|kiedy inżynierowie się kłócą|gdy woda znów się podniesie|po tylu zapewnieniach|póki bramy są zamknięte|gdy zgasną kamery|bez porządnego planu"),
        "qc": _list("i rada dobrze o tym wie|ale będziemy pytać dalej|i to jest hańba|więc poszliśmy do sądu|i tak im powiedziałem|dlatego tu jesteśmy|i nikt nie przeprosił|ale jest jeszcze nadzieja|a czas ucieka|bez względu na koszty"),
        "said": _list("powiedział|stwierdził|oświadczył dziennikarzom|dodał przez telefon|napisał w liście|mówił przed budynkiem"),
    },
    shapes=_lines("""{Who} {did} {noun} {of} {when}, {why}.
{When} {who} {did} {noun} {of} {where}.
{name} {did} {noun} {of} {why}.
– {qa} {qb}, {qc} – {said} {title} {name}.
„{qa} {qb}” – {said} {name}, {n23-71}-letni pracownik {of}.
Około {n12-950} osób zebrało się {where} {when}, {why}.
Koszt oszacowano na {n2-90},{n1-9} mln zł, wobec {n2-90} mln zł w {n1995-2024} r.
Co najmniej {n3-90} proc. pytanych uznało, że {who} słusznie {did} {noun} {of}, {why}.
{Who} może się odwołać do {n1-28} {month}, {why}.
Z raportu wynika, że {who} {did} {noun} {of} {n5-19} lat temu.
Firma od {of} zatrudnia {n40-980} osób {where}, a {n5-39} z nich {when} odesłano do domu.
{Who} {when} nie chciał komentować, ale {title} {name} {said}, że {who} {did} {noun} {of} {why}."""),
    headlines=_lines("""{town}: {who} {did} {noun} {of}
{Who} {did} {noun} {of}, {why}
{town}: {n12-950} osób protestowało, {why}"""),
    dateline="{TOWN}, {n1-28} {month} ({agency}) – ",
    inserted=_lines("""CZYTAJ TAKŻE: {headline}
Czytaj też: {headline}
Zobacz także: {headline}
Fot. {name} / {agency}
{town}, {n1-28} {month} {n2015-2024} r. Fot. {name}
Dalsza część artykułu pod reklamą
Udostępnij na Facebooku
Zapisz się do naszego newslettera
© {n2015-2024} {agency}. Wszelkie prawa zastrzeżone.
Autor: {name}
Źródło: {agency}"""),
    style=_pairs("proc.>procent|mln zł>milionów złotych| r.> roku|Około >Ok. |prof. >profesor |dr >doktor |Co najmniej>Przynajmniej|powiedział>mówił|oświadczył dziennikarzom>powiedział|dwa dni>2 dni|trzech>3|stycznia>01.|września>09.|października>10.|firma>Firma|resort finansów>Ministerstwo Finansów"),
    quotes=("„", "”"),
    other_quotes=('"', '"'),
    misread={**_LATIN_MISREAD, "ą": "a", "ć": "c", "ę": "e", "ł": "l", "ń": "n", "ó": "o", "ś": "s", "ź": "z", "ż": "z", "–": "-"},
    frames={
        "weather": """Pogoda: {town}
Rano będzie {sky}, po południu {sky}, a wiatr nad morzem okaże się {wind}, w głębi kraju zaś {wind}.
W górach zrobi się {sky} i {sky}, dlatego szlaki będą miejscami {ground}, a podejścia {ground}.
Po zmroku drogi staną się {ground}, więc kierowcy powinni zaplanować więcej czasu niż zwykle.
Stężenie pyłków będzie {level}, zagrożenie pożarowe lasów {level}, a zanieczyszczenie powietrza {level}.
W kolejnych dniach będzie {sky}, potem {sky}, przy temperaturach typowych dla tej pory roku.""",
        "result": """{town} – {town} {n0-5}:{n0-5}
Już w {n2-44}. minucie prowadzenie dał gospodarzom {name}, a w {n46-89}. minucie drugą bramkę dołożył {name}.
Spotkanie obejrzało {n900-39000} widzów, a sędzia {name} pokazał {n1-8} żółtych kartek po obu stronach.
Zwycięzcy mają po tym meczu {n20-60} punktów i zajmują {n1-9}. miejsce, a pokonani pozostali na {n10-18}. pozycji.
Rzutu karnego w {n46-89}. minucie nie wykorzystał {name}, a z urazem kolana opuścił boisko {name}.
W następnej kolejce, {day}, oba zespoły zagrają na wyjeździe: przeciwnikami będą {town} i {town}.""",
        "market": """Ceny zbóż i żywca: {town}
Za tonę pszenicy płacono {n700-1400} zł, za jęczmień {n500-1100} zł, a za owies {n400-900} zł, przy podaży {n40-900} ton.
Żywiec wołowy kosztował średnio {n8-19},{n10-99} zł za kilogram, a wieprzowy {n5-9},{n10-99} zł, podobnie jak przed tygodniem.
Najwyższą cenę, {n9-29},{n10-99} zł, uzyskał za swoje bydło {name}, a najwięcej sztuk, {n20-90}, sprzedał {name}.
Ziemniaki jadalne kosztowały {n60-190} zł za kwintal, a cebula {n80-290} zł; popyt był umiarkowany.
Następny targ odbędzie się {day}, a zgłoszenia przyjmowane są do dwóch dni przed terminem.""",
        "obituary": """{name}
W dniu {n1-28} {month} odszedł w wieku {n61-99} lat nasz ojciec i dziadek, {name}, wieloletni {job} z miejscowości {town}.
Urodzony w {n1924-1960} roku, przez {n9-44} lat pracował jako {job}, a po godzinach był oddanym przyjacielem kolegów z koła {hobby}.
Nabożeństwo odbędzie się {day} o godzinie {n9-15}.{n10-59} w kościele parafialnym, po czym nastąpi złożenie do grobu rodzinnego.
Żegnają go {first}, {first} i {first} oraz {n5-14} wnuków, którym zawsze potrafił poświęcić czas i uwagę.
Zamiast kwiatów rodzina prosi o datki na rzecz koła {hobby}, które zbierane będą przy wejściu do kościoła.""",
        "horoscope": """Gwiazdy na ten tydzień
Baran: zapowiada się {mood} tydzień, w którym {thing} znaczy więcej niż {thing}. Cierpliwość się opłaci.
Byk: {thing} może poczekać, a {mood} nastrój sprzyja rozmowom; weekend należy do tego, czym jest {thing}.
Bliźnięta: przyjdzie {mood} gość i przyniesie wieści. Ważna będzie {thing}, choć {thing} kusi bardziej.
Rak: minie {mood} czas, kiedy ważniejsza stanie się {thing}, a {thing} zejdzie na dalszy plan.
Lew: najpierw {thing}, potem {thing}; przed tobą {mood} dzień, a stary przyjaciel potrzebuje pomocy.""",
    },
)  # fmt: skip
POLISH.slots.update(
    sky=_list("pochmurno|słonecznie|mglisto|deszczowo|pogodnie|ponuro|wilgotno|jasno|parno|chłodno|ciepło|burzowo"),
    wind=_list("słaby|silny|porywisty|umiarkowany|łagodny|zmienny|przenikliwy"),
    ground=_list("oblodzone|miękkie|błotniste|suche|śliskie|zalane|zaśnieżone"),
    level=_list("niskie|wysokie|umiarkowane|duże|małe|średnie"),
    job=_list("nauczyciel|górnik|piekarz|drukarz|stolarz|listonosz|pilot|pasterz"),
    hobby=_list("wędkarzy|ogrodników|śpiewaków|kolarzy|pszczelarzy|szachistów"),
    mood=_list("spokojny|uparty|wesoły|ostrożny|niepewny|hojny|cierpliwy|śmiały|trudny|szczęśliwy"),
    thing=_list("miłość|praca|rodzina|podróż|muzyka|przyjaźń|nauka|zabawa|ostrożność|oszczędność|kuchnia|zdrowa dieta"),
)  # fmt: skip

ARABIC = Language(
    code="ar",
    slots={
        "first": _list("أحمد|باسم|جمال|حسن|خالد|رامي|زياد|سامي|طارق|عادل|غسان|فؤاد|كريم|ماجد|نبيل|هشام|وليد|يوسف|إبراهيم|أيمن"),
        "last": _list("البدري|التميمي|الجندي|الحلبي|الخطيب|الدجاني|الرفاعي|الزهراني|السعدي|الشامي|الصباغ|الطحان|العطار|الغزالي|الفارس|القباني|الكاتب|المصري|النجار|الهاشمي"),
        "title": _list("الدكتور|المحافظ|القاضي|الوزير|النقيب|المهندس|النائب|العمدة"),
        "town": _list("المرسى|الواحة|النخيل|الزيتون|الساحل|القلعة|الوادي|الينابيع|المنارة|الرمال|الجسر|السوق"),
        "agency": _list("رويترز|أ ف ب|د ب أ|وكالات|الأناضول"),
        "month": _list("يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"),
        "day": _list("الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد"),
        "who": _list("مجلس البلدية|مدير الميناء|وزير المالية|فريق من المهندسين|قائد الشرطة|نقيب المعلمين|محافظ البنك المركزي|مدير المستشفى|قاضي الاستئناف|صاحب الشركة|زعيم المعارضة|وفد من السكان|قائد الإطفاء|رئيس ديوان المحاسبة|منظم الطاقة|مشغل القطارات|ممثل المزارعين|رئيس الجامعة|رئيس اللجنة البرلمانية|خبير الأرصاد|مدير مصنع الصلب|اتحاد كرة القدم"),
        "did": _list("أيد|رفض|أجل|انتقد|أعلن|عارض|مول|راجع|علق|أكد|ناقش|أوقف|اقترح|درس|بارك|أقر|كشف عن"),
        "noun": _list("بناء|صيانة|بيع|تفتيش|شراء|توسيع|تمويل|إغلاق|افتتاح|تقييم|نقل|هدم|خصخصة|تأمين|إدارة|تأهيل|تحديث"),
        "of": _list("جسر السكة الحديدية|قسم أمراض القلب|محطة الحاويات|خط الترام|منجم الفحم|مدرسة القرية|محطة الصرف|مزرعة الرياح|أسطول العبارات|أرشيف المدينة|سوق المواشي|محطة تحلية المياه|الطريق الساحلي|مركز البيانات|دار الأوبرا|صوامع الحبوب|جناح السجن|سد النهر|حوض السفن|شبكة الكهرباء|مصهر النحاس|المكتبة العامة|مدرج المطار|حاجز الفيضان|عيادة الولادة|مصنع الإسمنت|ملعب كرة القدم|موقف الحافلات|خزان المياه|مكتب الجمارك|مخيم اللاجئين|مخزن الكيماويات|خط الغاز|برج البث|مصفاة السكر"),
        "when": _list("يوم {day}|مساء {day}|مطلع هذا الشهر|بعد اجتماع عقد {day}|بعد ساعات من التصويت|الأسبوع الماضي|قبل فجر {day}|بعد يومين من الحادث|في بيان صدر {day}|خلال عطلة الأسبوع|للمرة الثالثة هذا العام"),
        "where": _list("في مدينة {town}|أمام مبنى البلدية|خلال جلسة صاخبة|قرب الرصيف القديم|في العاصمة|على امتداد الحدود الجنوبية|في ثلاث مناطق|أمام المحكمة الإقليمية|على الضفة الشرقية|في قاعة مكتظة"),
        "why": _list("بسبب نفاد الأموال|بعد شهور من الجدل|رغم احتجاج التجار المحليين|مع أن العقد لم يوقع بعد|لتفادي شتاء صعب آخر|في ظل ارتفاع الأسعار|بينما يفحص المحققون السجلات|مقابل وعد بتوفير وظائف|منذ انتهاء الترخيص القديم|من دون استشارة الجيران|كي تبدأ الأعمال في الربيع|إثر سلسلة من الحوادث|تحت ضغط الدائنين|رغم تراجع عدد الركاب|في انتظار حكم القضاء|وفقا لوعود الحملة الانتخابية"),
        "qa": _list("لا يمكننا الانتظار|لا ينبغي لأحد أن يعيش هكذا|الأهالي يستحقون جوابا|لم أر شيئا كهذا من قبل|هذه ليست مسألة سياسية|سيستغرق الأمر سنوات|تعب الناس من الوعود|لقد حذرناهم مرارا|لم يبق أي مال|هاتفي لم يتوقف عن الرنين|الأرقام ببساطة غير صحيحة|كلنا كنا نعرف"),
        "qb": _list("حتى الشتاء القادم|في ظل هذا الغموض|قبل موسم الصيف|إلى أن يتولى أحد المسؤولية|بينما يتجادل المهندسون|حين ترتفع المياه مجددا|بعد كل هذه التصريحات|ما دامت البوابات مغلقة|بعد رحيل الكاميرات|من دون خطة سليمة"),
        "qc": _list("والمجلس يعرف ذلك|لكننا سنواصل السؤال|وهذا عار علينا|ولذلك لجأنا إلى القضاء|وقد أخبرتهم بذلك|ولهذا نحن هنا|ولم يعتذر أحد|لكن الأمل باق|والوقت ينفد|مهما كان الثمن"),
        "said": _list("قال|صرح|ذكر|أوضح للصحفيين|أضاف عبر الهاتف|كتب في رسالة"),
    },
    shapes=_lines("""{did} {who} {noun} {of} {when}، {why}.
{when}، {did} {who} {noun} {of} {where}.
{did} {title} {name} {noun} {of} {why}.
{said} {title} {name}: «{qa} {qb}، {qc}».
و{said} {name}، وهو عامل في {of} عمره {n23-71} عاما: «{qa} {qb}».
وتجمع نحو {n12-950} شخصا {where} {when}، {why}.
وقدرت الكلفة بنحو {n2-90}.{n1-9} مليون دولار، مقابل {n2-90} مليونا في عام {n1995-2024}.
ويرى {n3-90} في المئة ممن شملهم الاستطلاع أن {who} أخطأ حين {did} {noun} {of} {why}.
ويحق لرئيس {of} الطعن حتى {n1-28} {month}، {why}.
وأظهر تقرير أن {who} {did} {noun} {of} قبل {n3-19} عاما.
ويعمل في {of} نحو {n40-980} شخصا {where}، وطلب من {n11-39} منهم البقاء في المنازل {when}.
وامتنع {who} عن التعليق {when}، غير أن {name} {said} إن {noun} {of} ماض {why}."""),
    headlines=_lines("""{who} في {town} {did} {noun} {of}
{noun} {of} {why}
{n12-950} محتجا على {noun} {of} في {town}"""),
    dateline="{town} ({agency}) {n1-28} {month} - ",
    inserted=_lines("""اقرأ أيضا: {headline}
اقرأ المزيد: {headline}
شاهد أيضا: {headline}
تصوير: {name} / {agency}
صورة من {town}، {n1-28} {month} {n2015-2024} ({agency})
إعلان
شارك هذا الخبر على فيسبوك
اشترك في نشرتنا الإخبارية
جميع الحقوق محفوظة © {n2015-2024} {agency}
المصدر: {agency}
تحرير {name}"""),
    style=_pairs("في المئة>بالمئة|نحو >حوالي |مليون دولار>مليون $|الدكتور>د.|قال>ذكر|أوضح للصحفيين>قال|يناير>كانون الثاني|أبريل>نيسان|مايو>أيار|يوليو>تموز|أكتوبر>تشرين الأول|ثلاث مناطق>3 مناطق|يومين>2 يوم|مطلع هذا الشهر>أوائل الشهر|إلى>الى|أن >ان |أكد>اكد|على>علي|المستشفى>المستشفي|لكن>ولكن|المدينة>المدينه|البلدية>البلديه"),
    quotes=("«", "»"),
    other_quotes=('"', '"'),
    misread={"ب": "ت", "ت": "ث", "ث": "ت", "ج": "ح", "ح": "خ", "خ": "ج", "د": "ذ", "ذ": "د", "ر": "ز", "ز": "ر", "س": "ش", "ش": "س", "ص": "ض", "ض": "ص", "ط": "ظ", "ظ": "ط", "ع": "غ", "غ": "ع", "ف": "ق", "ق": "ف", "ن": "ب", "ه": "ة", "ة": "ه", "ي": "ى", "ى": "ي", "أ": "ا", "إ": "ا", "و": "ر", "ل": "ا", "ا": "ل", "م": "ه", "ك": "ل", "0": "٠", "1": "١", "2": "3", "5": "٥", "،": ","},
    frames={
        "weather": """طقس {town}
يكون الجو صباحا {sky} وبعد الظهر {sky}، والرياح على الساحل {wind} وفي الداخل {wind}.
وتغدو المرتفعات {sky} وتصير مسالكها {ground}، فيما تبقى الأودية {sky} معظم ساعات النهار.
وبعد حلول الظلام تصبح الطرق {ground}، وعلى السائقين تخصيص وقت أطول من المعتاد لرحلاتهم.
ويكون خطر الحرائق {level} ونقاء الهواء {level} وتركيز غبار الطلع {level} في عموم المنطقة.
أما الأيام التالية فيكون جوها {sky} ثم {sky}، مع درجات حرارة مألوفة في هذا الفصل.""",
        "result": """{town} و{town} {n0-5}-{n0-5}
سجل {name} الهدف الأول في الدقيقة {n2-44} ثم ضاعف {name} النتيجة في الدقيقة {n46-89} من الشوط الثاني.
وتابع اللقاء {n900-39000} مشجعا، ورفع الحكم {name} البطاقة الصفراء {n3-10} مرات بوجه لاعبي الطرفين.
وبات في رصيد الفائز {n20-60} نقطة وهو في المرتبة {n1-9}، وظل المهزوم في المرتبة {n10-18} برصيد {n3-19} نقطة.
وأهدر {name} ركلة جزاء في الدقيقة {n46-89}، وغادر {name} أرض الملعب مصابا في ركبته.
ويلعب الفريقان الجولة المقبلة {day} خارج أرضهما، الأول في {town} والثاني في {town}.""",
        "market": """أسعار الحبوب والمواشي في {town}
بيع طن القمح بسعر {n150-290} دينارا والشعير بسعر {n110-240} والذرة بسعر {n90-220}، وبلغ المعروض {n40-900} طنا.
وتراوح سعر رأس البقر بين {n500-900} و{n950-1900} دينارا، وكان أعلاها من مزرعة {name} وأكثرها من حظيرة {name}.
وبلغ متوسط كيلوغرام الضأن {n15-29} دينارا مقابل {n15-29} في السوق السابق، وعرض منه {n200-2900} رأس.
وسجل صندوق البندورة {n3-19} دينارا وصندوق البصل {n3-19} والتمر {n20-70}، وسط طلب معتدل من التجار.
ويقام السوق القادم {day}، ويقفل باب التسجيل قبل موعده بيومين.""",
        "obituary": """وفاة {name}
انتقل إلى رحمة الله {name} من أهالي {town} عن عمر ناهز {n61-99} عاما، يوم {day} {n1-28} {month}.
ولد الفقيد في {town} عام {n1924-1960}، وعمل {job} مدة {n11-44} عاما، وعرف بين أصدقائه بحب {hobby} وطيب المعشر.
ويشيع الجثمان {day} الساعة {n9-15}.{n10-59} من مسجد {town} إلى مقبرة العائلة، وتقبل التعازي في بيت الفقيد.
والفقيد والد {first} و{first} و{first}، وله {n11-19} حفيدا كانوا أعز ما في حياته.
وترجو العائلة التبرع لجمعية {hobby} بدلا من إرسال الزهور، جزاكم الله خيرا.""",
        "horoscope": """أبراج الأسبوع
الحمل: أسبوع {mood} يكون فيه {thing} أهم من {thing}، فلا تتعجل الأمور.
الثور: دع {thing} جانبا فمزاجك {mood} هذه الأيام، وعطلة الأسبوع وقت {thing} من دون منازع.
الجوزاء: ضيف {mood} يحمل أخبارا عن {thing}، فلا تخلط بينها وبين {thing} مهما بدا ذلك مغريا.
السرطان: يمضي وقت {mood} حين تلتفت إلى {thing}، ويمكن أن يؤجل {thing} إلى يوم آخر.
الأسد: فكر في {thing} قبل {thing}، فأمامك يوم {mood} وصديق قديم يحتاج إليك.""",
    },
)  # fmt: skip
ARABIC.slots.update(
    sky=_list("غائما|مشمسا|ضبابيا|ماطرا|صافيا|رطبا|باردا|دافئا|عاصفا|مغبرا|لطيفا|حارا"),
    wind=_list("خفيفة|قوية|معتدلة|متقلبة|نشطة|هادئة"),
    ground=_list("زلقة|موحلة|جافة|متجمدة|مغمورة|متربة"),
    level=_list("منخفضا|مرتفعا|متوسطا|ضعيفا|كبيرا|محدودا"),
    job=_list("معلما|خبازا|طباعا|نجارا|طيارا|راعيا|كاتبا"),
    hobby=_list("الصيد|الزراعة|الغناء|الشطرنج|النحل|الشعر"),
    mood=_list("هادئ|عنيد|مرح|حذر|قلق|كريم|صبور|جريء|صعب|سعيد"),
    thing=_list("المال|العائلة|الحب|العمل|السفر|الموسيقى|الصداقة|الدراسة|النوم|المطبخ|الوعد|الصحة"),
)  # fmt: skip

CHINESE = Language(
    code="zh",
    slots={
        "first": _list("建国|晓明|丽华|志强|秀英|文博|海燕|国栋|春梅|子轩|雨桐|德胜|玉兰|家豪|思远|永年"),
        "last": _list("赵|钱|孙|周|吴|郑|冯|陈|褚|卫|蒋|沈|韩|杨|朱|秦|许|何|吕|施|孔|曹|严|华"),
        "title": _list("市长|博士|教授|法官|局长|院长|队长|议员"),
        "town": _list("临河|青浦镇|石湾|白塔|东岭|南渡|金沙|云溪|梅岗|柳林|长汀|西泽"),
        "agency": _list("新华社|路透社|法新社|中新社|美联社"),
        "month": _list("1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月"),
        "day": _list("周一|周二|周三|周四|周五|周六|周日"),
        "who": _list("市议会|港务局|财政部|工程师小组|警察局|教师工会|中央银行|医院董事会|上诉法院|航运公司|反对党领袖|居民代表|消防部门|审计署|能源监管机构|铁路公司|农民协会|大学校务会|议会委员会|气象台|钢铁集团|足球协会"),
        "did": _list("批准了|否决了|推迟了|批评了|宣布了|搁置了|欢迎|质疑|叫停了|资助了|审查了|放弃了|反对|确认了|重申|公布了"),
        "noun": _list("改建工程|出售计划|检查结果|采购方案|翻修项目|拨款安排|关闭决定|开放日期|估价报告|搬迁方案|拆除计划|私有化方案|收购提议|审计结论|设计图纸|保险合同|租赁协议|扩建计划"),
        "of": _list("铁路大桥|心脏病房|集装箱码头|电车线路|煤矿|乡村小学|污水处理厂|风力电场|渡轮船队|城市档案馆|牲畜市场|海水淡化厂|沿海公路|数据中心|歌剧院|粮仓|监狱新楼|河道船闸|修船厂|电网|铜冶炼厂|公共图书馆|机场跑道|防洪堤|妇产诊所|水泥厂|足球场|公交总站|水库|海关大楼|难民营|化学品仓库|乳品合作社|天然气管道|电视塔|制糖厂"),
        "when": _list("{day}|{day}晚间|本月初|{day}开会之后|投票结束数小时后|上{day}|{day}凌晨|事故发生两天后|在{day}的声明中|周末期间|今年第三次"),
        "where": _list("在{town}|在市政厅外|在拥挤的听证会上|在旧码头附近|在首都|沿着南部边界|在三个区|在地方法院|在东岸|在座无虚席的礼堂里"),
        "why": _list("因为资金已经用完|此前争论长达数月|尽管当地商户抗议|虽然合同尚未签署|以免再过一个艰难的冬天|与此同时物价持续上涨|调查人员正在核对账目|以换取就业承诺|因为旧许可已经过期|事先并未征求邻居意见|以便工程在春天开工|此前险情接连不断|债权人不断施压|尽管乘客人数下降|等待法官作出裁决|这符合竞选时的承诺"),
        "qa": _list("我们等不起了|谁也不该这样生活|家属应当得到答复|我从没见过这种事|这与政治无关|这要花很多年|大家听够了空话|我们早就警告过|已经没有钱了|我的电话响个不停|这些数字根本对不上|我们每个人都知道"),
        "qb": _list("不能拖到下个冬天|前景太不明朗|夏季马上就到|总得有人负责|工程师还在争吵|河水又要上涨|承诺已经太多|大门至今紧锁|镜头一走就没人管|根本没有像样的计划"),
        "qc": _list("议会心里清楚|我们会继续追问|真是丢脸|所以我们去了法院|我当面告诉了他们|所以我们才来这里|至今无人道歉|但还有希望|时间不多了|花多少钱都值得"),
        "said": _list("说|对记者表示|在电话中说|在信中写道|在听证会上说|在楼外说"),
    },
    shapes=_lines("""{who}{when}{did}{of}的{noun}，{why}。
{when}，{who}{where}{did}{of}的{noun}。
{name}{title}{did}{of}的{noun}，{why}。
“{qa}，{qb}，{qc}。”{name}{title}{said}。
在{of}工作的{n23-71}岁的{name}{said}：“{qa}，{qb}。”
大约{n12-950}人{when}{where}聚集，{why}。
费用估计为{n2-90}.{n1-9}亿元，而{n1995-2024}年为{n2-90}亿元。
至少{n3-90}%的受访者认为{who}不该{did}{of}的{noun}，{why}。
{who}可以在{month}{n1-28}日之前就{of}的{noun}上诉。
一份报告显示，{who}在{n2-19}年前就{did}{of}的{noun}。
{of}{where}雇有{n40-980}人，其中{n3-39}人{when}被要求留在家中。
{who}{when}拒绝置评，但{name}{said}，{of}的{noun}将照常进行，{why}。"""),
    headlines=_lines("""{town}：{who}{did}{of}的{noun}
{of}的{noun}引发争议，{why}
{n12-950}人在{town}抗议{of}的{noun}"""),
    dateline="{agency}{town}{month}{n1-28}日电 ",
    inserted=_lines("""相关阅读：{headline}
延伸阅读：{headline}
图为{town}的{of}。{agency}记者 {name} 摄
图片来源：{agency}
分享到微信
广告
版权所有 © {n2015-2024} {agency}
（编辑：{name}）
责任编辑：{name}"""),
    style=_pairs("大约>约|至少>不少于|两天>2天|三个区>3个区|对记者表示>表示|在电话中说>说|周一>星期一|周二>星期二|周三>星期三|周四>星期四|周五>星期五|周六>星期六|因为>由于|尽管>虽然|财政部>财务部门|博士>先生|％>%"),
    quotes=("“", "”"),
    other_quotes=("「", "」"),
    misread={"日": "曰", "未": "末", "人": "入", "土": "士", "己": "已", "大": "太", "天": "夫", "千": "干", "市": "巿", "田": "由", "木": "本", "王": "玉", "问": "间", "设": "没", "侯": "候", "第": "弟", "的": "旳", "在": "左", "了": "子", "和": "知", "水": "氷", "工": "エ", "力": "カ", "口": "囗", "。": ".", "，": ",", "0": "O", "1": "l", "5": "S", "8": "B"},
    frames={
        "weather": """{town}天气
早晨{sky}，午后转为{sky}，沿海吹{wind}，内陆吹{wind}，山区有时{sky}，谷地大部分时间{sky}。
入夜以后路面{ground}，山路{ground}，请驾车人士比平时预留更多时间。
森林火险等级{level}，空气质量{level}，花粉浓度{level}，体感温度与往年同期相若。
未来几天先是{sky}，随后{sky}，气温与这个季节的常年水平相近。""",
        "result": """{town}{n0-6}比{n0-6}{town}
第{n2-44}分钟{name}首开纪录，第{n46-89}分钟{name}再下一城，主队最终以{n2-6}比{n0-1}取胜。
现场有{n900-39000}名观众，裁判{name}全场出示{n1-8}张黄牌，双方都没有球员被罚下。
胜者赛后积{n20-60}分升至第{n2-9}位，负者积{n3-19}分仍排在第{n10-18}位。
客队{name}在第{n46-89}分钟罚失点球，{name}则因膝部受伤被抬出场外。
两队{day}将再度出战，分别做客{town}和{town}。""",
        "obituary": """讣告：{name}
{town}居民{name}于{month}{n1-28}日在家中安详辞世，享年{n61-99}岁，亲属陪伴在侧。
逝者{n1924-1960}年生于{town}，做过{n9-44}年{job}，平生酷爱{hobby}，待人宽厚。
追思仪式定于{day}{n9-15}时{n10-59}分在{town}礼堂举行，随后安葬于家族墓园，敬请亲友参加。
子女{first}、{first}、{first}及{n2-14}名孙辈同泣告，谢绝花篮，善款请捐赠{hobby}协会。""",
    },
    space="",
    stop="。",
)  # fmt: skip
CHINESE.slots.update(
    sky=_list("多云|晴朗|有雾|有雨|阴沉|潮湿|清凉|和暖|有雷暴|有阵雨"),
    wind=_list("微风|强风|和缓东风|阵风|清劲北风|轻微南风"),
    ground=_list("湿滑|结冰|泥泞|干燥|积水"),
    level=_list("偏低|偏高|中等|良好|极高"),
    job=_list("教师|矿工|面包师|印刷工|木匠|邮差|飞行员"),
    hobby=_list("钓鱼|园艺|唱歌|骑车|养蜂|象棋"),
)  # fmt: skip

LANGUAGES = {x.code: x for x in (ENGLISH, ARABIC, POLISH, CHINESE)}
