# ruff: noqa: E501 - lines of made-up articles
"""Labelled pairs of texts for the verdicts of wirecopy, and how often they are right.

Frames of agency copy (weather, markets, results, obituaries; English, Polish and Arabic) are filled
with different facts: every two of a frame are a "template" pair. Made-up stories are changed in known
ways: a "near copy" (house style, dropped and inserted words, a scanner's errors, a new dateline, a
caption, paragraphs in another order), a "cut-down", an "update" (new numbers, rewritten and added
sentences), or another story that shares one "shared passage". All text is made up here; the same seed
gives the same texts on every machine.

    python benchmarks/verdict_pairs.py [--seed 1] [--per-frame 12] [--stories 60]
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import results

from wirecopy import _core

WEATHER_EN = """{city} weather for {day}
The national weather office expects a {sky} start to {day} in {city} and the towns around it.
The temperature will reach {n14-35} degrees in the afternoon and fall to {n2-13} degrees overnight.
Winds from the {wind} will blow at {n5-45} kilometres an hour, with stronger gusts along the coast.
The chance of rain is put at {n1-95} percent, and relative humidity will stay near {n31-97} percent.
Sunrise is at {n4-8}:{n10-59} and sunset at {n16-21}:{n10-59}.
Motorists are asked to keep to the speed limit where roads are wet and to leave more room than usual.
The office reminds people who work outdoors to drink enough water and to look after elderly neighbours.
The outlook for the days that follow will be published at the usual hour on the office's own pages."""
MARKETS_EN = """Stocks close {move} in {city}
Shares in {city} closed {move} on {day} as investors weighed company results against the rate outlook.
The main index ended the session at {n3000-9800}.{n10-99} points, a change of {n1-140} points on the day.
{firm} was the most actively traded share, ending at {n3-190}.{n10-99} after {n2-90} million changed hands.
{firm} and {firm} also moved sharply, while most other shares in the index were little changed.
Turnover on the exchange came to {n120-980} million, against a daily average of {n120-980} million this year.
In currency trading the euro bought {n1-4}.{n1000-9999}, and a barrel of crude oil cost {n48-118}.{n10-99}.
Figures are supplied by the exchange and are delayed by fifteen minutes. They are not advice to buy or
to sell, and past results say nothing about those to come. A full table of prices is on the market page."""
RESULTS_EN = """{firm} reports quarterly results
{firm} said on {day} that profit for the quarter came to {n11-990} million, or {n1-9}.{n10-99} a share.
Revenue in the period was {n101-4900} million, compared with {n101-4900} million in the same quarter a year ago.
Analysts polled before the announcement had on average expected revenue of {n101-4900} million.
Chief executive {name} told investors that the company was satisfied with the progress it had made.
The company, which is based in {city} and has {n300-9900} employees, said that it would keep its dividend.
For the full year it now expects revenue of {n1000-9900} million and a margin of {n2-38} percent.
Shares in the company have changed by {n2-60} percent since the beginning of the year.
This report was made from the company's own announcement, and was checked by an editor before it went out."""
OBITUARY_EN = """{name}, {n56-99}
{name} of {city}, formerly of {city}, died on {day}, {month} {n1-28}, at the age of {n56-99}.
The family will receive friends at the funeral home on {day} from {n1-3} until {n5-8} in the afternoon.
A service of thanksgiving will be held at {n9-11} in the morning on {day}, {month} {n1-28}, with
the Reverend {name} officiating, and burial will follow in the churchyard there.
Born in {n1925-1968}, the deceased was employed for {n8-44} years by {firm} before retirement.
Survivors are a spouse, {first}; children {first}, {first} and {first}; and {n2-19} grandchildren.
In place of flowers the family asks that gifts be made to the hospice, whose nurses gave so much care and
comfort in the last months. Messages of condolence may be left in the book that is kept at the home."""

WEATHER_PL = """Pogoda na {day}: {city}
Synoptycy zapowiadają, że {day} przyniesie w mieście {city} oraz w całym regionie zmienną pogodę.
Temperatura maksymalna wyniesie {n14-34} stopni, a w nocy słupki rtęci spadną do {n1-12} stopni.
Wiatr będzie wiał z prędkością {n5-45} kilometrów na godzinę, a w porywach osiągnie nawet {n46-90} kilometrów.
Prawdopodobieństwo opadów ocenia się na {n1-95} procent, a wilgotność powietrza na {n31-97} procent.
Słońce wzejdzie o godzinie {n4-7}.{n10-59}, a zajdzie o godzinie {n16-21}.{n10-59}.
Policja prosi kierowców o ostrożną jazdę po mokrych drogach i o zachowanie większego odstępu niż zwykle.
Służby przypominają, że osoby starsze powinny pić dużo wody i unikać wychodzenia z domu w upalne godziny.
Prognoza na kolejne dni zostanie ogłoszona o zwykłej porze na stronach instytutu i w lokalnym radiu."""
MARKETS_PL = """Giełda: {day} na parkiecie
Na zamknięciu sesji główny indeks giełdy wyniósł {n1800-4900},{n10-99} punktu, czyli o {n1-90} punktów inaczej niż dzień wcześniej.
Obroty na całym rynku wyniosły {n300-1900} milionów złotych wobec {n300-1900} milionów na poprzedniej sesji.
Najwięcej handlowano akcjami spółki {firm}, których kurs na koniec dnia wyniósł {n10-390},{n10-99} złotego.
Wyraźnie zmieniły się też notowania spółek {firm} i {firm}, a pozostałe walory nie zmieniły się istotnie.
Za euro płacono wieczorem {n3-5},{n1000-9999} złotego, a za dolara {n3-5},{n1000-9999} złotego.
Analitycy zwracają uwagę, że inwestorzy czekają na kolejne dane z gospodarki i na decyzję banku centralnego.
Podane wartości mają charakter informacyjny i nie stanowią zachęty do kupna ani do sprzedaży akcji."""
RESULTS_PL = """{city} – {city} {n0-5}:{n0-5}
Mecz kolejki rozegrany w {day} zakończył się wynikiem {n0-5}:{n0-5}, a spotkanie obejrzało {n900-39000} widzów.
Pierwszą bramkę zdobył w {n1-44}. minucie {name}, a na listę strzelców wpisał się potem w {n45-90}. minucie {name}.
Sędzia {name} pokazał w tym spotkaniu {n1-9} żółtych kartek, a z boiska nie usunął żadnego z piłkarzy.
Gospodarze mają po tej kolejce {n3-69} punktów i zajmują {n1-18}. miejsce w tabeli rozgrywek.
Goście zgromadzili dotychczas {n3-69} punktów, a w następnej kolejce zagrają u siebie z drużyną {city}.
Trenerzy obu drużyn na konferencji po meczu dziękowali kibicom za doping i zapowiadali walkę do końca sezonu.
Pełna tabela oraz skrót najciekawszych akcji znajdują się na stronach klubów i na stronie ligi."""
OBITUARY_PL = """Zmarł {name}
Z głębokim żalem zawiadamiamy, że w dniu {n1-28} {month} {n2001-2024} roku w wieku {n56-99} lat zmarł {name}.
Zmarły urodził się w {n1925-1965} roku w miejscowości {city}, a przez {n8-44} lat pracował w firmie {firm}.
Msza święta żałobna zostanie odprawiona w kościele parafialnym w dniu {n1-28} {month} o godzinie {n9-15}.{n10-59}.
Pogrzeb odbędzie się bezpośrednio po nabożeństwie na cmentarzu komunalnym w miejscowości {city}.
Pogrążeni w smutku żona {first}, synowie {first} i {first}, córka {first} oraz {n2-14} wnuków.
Rodzina prosi o nieskładanie kondolencji na cmentarzu, a zamiast kwiatów o wsparcie miejscowego hospicjum,
którego lekarze i pielęgniarki z ogromnym oddaniem opiekowali się zmarłym w ostatnich miesiącach życia."""

WEATHER_AR = """حالة الطقس يوم {day} في {city}
توقعت هيئة الأرصاد الجوية أن يسود يوم {day} طقس معتدل نهارا وبارد ليلا على {city} والمناطق المجاورة لها.
وتبلغ درجة الحرارة العظمى {n18-44} درجة مئوية، بينما تنخفض درجة الحرارة الصغرى ليلا إلى {n3-17} درجة.
وتهب رياح تتراوح سرعتها بين {n5-19} و{n20-60} كيلومترا في الساعة، وتكون مثيرة للرمال في المناطق المكشوفة.
وتصل نسبة الرطوبة إلى {n15-95} في المئة، فيما تقدر فرص سقوط الأمطار بنحو {n1-90} في المئة.
وتشرق الشمس في الساعة {n4-7}:{n10-59} وتغرب في الساعة {n16-20}:{n10-59} بالتوقيت المحلي.
ودعت الهيئة السائقين إلى توخي الحذر على الطرق السريعة وترك مسافة كافية بين السيارات عند تدني الرؤية.
كما نصحت كبار السن ومرضى الصدر بعدم التعرض المباشر للغبار والإكثار من شرب الماء خلال ساعات النهار."""
MARKETS_AR = """إغلاق سوق {city} للأوراق المالية
أنهى المؤشر الرئيسي لسوق {city} للأوراق المالية جلسة {day} عند مستوى {n3000-12900} نقطة بعد تداولات نشطة.
وبلغت قيمة التداول {n110-990} مليونا مقابل {n110-990} مليونا في الجلسة السابقة، من خلال تنفيذ {n1000-29000} صفقة.
وارتفعت أسهم {n20-99} شركة بينما تراجعت أسهم {n20-99} شركة أخرى، وحافظت بقية الشركات على أسعارها السابقة.
وسجل سعر خام برنت {n48-118} دولارا للبرميل، كما سجلت أوقية الذهب {n1200-2900} دولارا في التعاملات الفورية.
وقال محللون إن المستثمرين يترقبون نتائج الشركات القيادية وقرارات البنوك المركزية بشأن أسعار الفائدة.
وتنشر هذه البيانات لأغراض إعلامية فقط ولا تعد توصية بالشراء أو البيع، ويتحمل المستثمر مسؤولية قراراته."""
RESULTS_AR = """نتيجة مباراة {city}
فاز فريق {city} على ضيفه فريق {city} بنتيجة {n2-6} مقابل {n0-1} في المباراة التي أقيمت بينهما يوم {day}.
وسجل الهدف الأول في الدقيقة {n1-44} وجاء الهدف الثاني في الدقيقة {n45-90} بعد هجمة مرتدة سريعة.
وحضر اللقاء {n900-59000} متفرجا، وأشهر الحكم البطاقة الصفراء {n2-9} مرات من دون أن يطرد أي لاعب.
ورفع الفائز رصيده إلى {n20-69} نقطة في المركز {n1-9}، وبقي الخاسر عند {n3-19} نقطة في المركز {n10-18}.
وقال مدرب الفريق الفائز في المؤتمر الصحفي عقب المباراة إن لاعبيه قدموا ما عليهم واستحقوا النقاط كاملة.
وتقام مباريات الجولة المقبلة في نهاية الأسبوع، وتنقلها القنوات الرياضية مباشرة كما جرت العادة هذا الموسم."""
OBITUARY_AR = """انتقل إلى رحمة الله {name}
انتقل إلى رحمة الله تعالى يوم {day} {n1-28} {month} {n2001-2024} المغفور له {name} عن عمر ناهز {n56-99} عاما.
وسيشيع الجثمان بعد صلاة العصر من المسجد الكبير في {city} إلى مقبرة العائلة، ثم تقبل التعازي في منزل الفقيد
لمدة ثلاثة أيام من الساعة {n3-5} حتى الساعة {n8-10} مساء، وللنساء في المنزل نفسه طوال أيام العزاء.
وكان الفقيد قد ولد عام {n1925-1965} وعمل في سلك التعليم مدة {n8-44} عاما، وله من الأبناء {n2-9} ومن الأحفاد {n10-30}.
نسأل الله العلي القدير أن يتغمد الفقيد بواسع رحمته ورضوانه، وأن يسكنه فسيح جناته مع الصديقين والشهداء،
وأن يلهم أهله وذويه وأصدقاءه الصبر والسلوان، وإنا لله وإنا إليه راجعون، ولا حول ولا قوة إلا بالله."""

FRAMES = {
    ("en", "weather"): WEATHER_EN,
    ("en", "markets"): MARKETS_EN,
    ("en", "results"): RESULTS_EN,
    ("en", "obituary"): OBITUARY_EN,
    ("pl", "weather"): WEATHER_PL,
    ("pl", "markets"): MARKETS_PL,
    ("pl", "results"): RESULTS_PL,
    ("pl", "obituary"): OBITUARY_PL,
    ("ar", "weather"): WEATHER_AR,
    ("ar", "markets"): MARKETS_AR,
    ("ar", "results"): RESULTS_AR,
    ("ar", "obituary"): OBITUARY_AR,
}

#: Set below frames: nobody reads it, and it makes texts of one frame more alike than copies.
SMALL_PRINT = {
    "en": """
About this column: it is put together every day from the announcements of the bodies named above and is
published as received, without comment. The newspaper takes no responsibility for omissions, and asks that
corrections be sent to the desk in writing before noon. Readers who wish to have it by post or on their
telephones can order it from the subscriptions office. Reproduction of the whole or of any part of it, in
whatever form, needs the written consent of the publisher, which will not unreasonably be withheld.""",
    "pl": """
O tej rubryce: powstaje codziennie na podstawie komunikatów nadesłanych do redakcji i jest drukowana bez
komentarza. Redakcja nie odpowiada za treść nadesłanych materiałów ani za pominięcia, a o sprostowania prosi
na piśmie przed południem. Czytelnicy mogą zamówić rubrykę pocztą lub na telefon w biurze prenumeraty.
Przedruk całości lub fragmentów w jakiejkolwiek formie wymaga pisemnej zgody wydawcy i podania źródła.""",
    "ar": """
عن هذا الباب: يعد يوميا من البيانات التي ترد إلى هيئة التحرير وينشر كما ورد من دون تعليق. ولا تتحمل الصحيفة
أي مسؤولية عن السهو أو الخطأ، وترجو إرسال التصويبات مكتوبة قبل ظهر كل يوم. ويمكن للقراء طلب هذا الباب بالبريد
أو على هواتفهم من مكتب الاشتراكات. ولا يجوز نقل المادة كلها أو جزء منها بأي شكل كان إلا بموافقة خطية من الناشر.""",
}

FIRST = {
    "en": [
        "Alice",
        "Brian",
        "Carol",
        "Derek",
        "Edith",
        "Frank",
        "Grace",
        "Henry",
        "Irene",
        "Joyce",
        "Keith",
        "Linda",
        "Martin",
        "Nora",
    ],
    "pl": [
        "Adam",
        "Bogdan",
        "Czesław",
        "Dorota",
        "Edward",
        "Feliks",
        "Grażyna",
        "Henryk",
        "Irena",
        "Jadwiga",
        "Kazimierz",
    ],
    "ar": [
        "أحمد",
        "خالد",
        "سمير",
        "محمود",
        "يوسف",
        "حسن",
        "إبراهيم",
        "عمر",
        "سعيد",
        "ناصر",
        "فيصل",
        "طارق",
    ],
}
LAST = {
    "en": [
        "Abbott",
        "Barlow",
        "Cartwright",
        "Dawson",
        "Ellison",
        "Fletcher",
        "Granger",
        "Holloway",
        "Ingram",
        "Jarvis",
        "Kendrick",
    ],
    "pl": [
        "Adamczyk",
        "Borowski",
        "Cieślak",
        "Dąbrowski",
        "Gajewski",
        "Jasiński",
        "Kubiak",
        "Lewandowski",
        "Maj",
        "Nowicki",
    ],
    "ar": [
        "الخطيب",
        "النجار",
        "الحداد",
        "السالم",
        "العطار",
        "الشامي",
        "البغدادي",
        "القاضي",
        "المصري",
        "الحلبي",
    ],
}
CITY = {
    "en": [
        "Ashford",
        "Brookdale",
        "Castleton",
        "Dunmore",
        "Eastwick",
        "Fairhaven",
        "Glenrock",
        "Harwich",
        "Kingsbridge",
    ],
    "pl": [
        "Zgierz",
        "Kalisz",
        "Pabianice",
        "Ełk",
        "Sanok",
        "Tczew",
        "Gniezno",
        "Mielec",
        "Krosno",
        "Suwałki",
        "Legnica",
    ],
    "ar": [
        "عمّان",
        "دمشق",
        "بغداد",
        "القاهرة",
        "الرباط",
        "تونس",
        "مسقط",
        "الدوحة",
        "المنامة",
        "صنعاء",
    ],
}
DAY = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "pl": ["poniedziałek", "wtorek", "środę", "czwartek", "piątek", "sobotę", "niedzielę"],
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
}
MONTH = {
    "en": ["January", "March", "April", "June", "August", "October", "December"],
    "pl": ["stycznia", "marca", "kwietnia", "czerwca", "sierpnia", "października", "grudnia"],
    "ar": ["يناير", "مارس", "أبريل", "يونيو", "أغسطس", "أكتوبر", "ديسمبر"],
}
FIRM = {
    "en": [
        "Norland Steel",
        "Alder Foods",
        "Quayside Bank",
        "Teal Energy",
        "Marlow Rail",
        "Ostrava Glass",
    ],
    "pl": ["Hutmax", "Zbożpol", "Lasfarb", "Energobud", "Kolejtrans", "Szklarex"],
    "ar": ["الأفق", "الرواد", "البيان", "النور"],
}
SKY = ["cloudy", "clear", "misty", "bright", "damp", "stormy"]
WIND = ["north", "south", "east", "west", "northwest", "southeast"]
MOVE = ["higher", "lower", "mixed", "flat"]

# Clauses of made-up stories; every sentence takes one of each.
WHO = {
    "en": [
        "{name}, who heads the council in {city},", "A spokesman for {firm}", "The regional court in {city}",
        "Officers from {city}", "Teachers and parents in {city}", "{name} of the {firm} works council",
        "The harbour authority at {city}", "Two engineers from {city}", "Lawyers for {name}",
        "The ministry's inspector, {name},", "Neighbours of the plant", "A committee led by {name}",
    ],
    "pl": [
        "Burmistrz miasta {city}, {name},", "Rzecznik spółki {firm}", "Sąd okręgowy w mieście {city}",
        "Strażacy z miasta {city}", "Nauczyciele i rodzice", "Inspektor {name}", "Mieszkańcy osiedla",
        "Radna {name}", "Komisja pod kierunkiem {name}",
    ],
    "ar": [
        "رئيس البلدية {name}", "المتحدث باسم شركة {firm}", "محكمة {city}", "رجال الإطفاء في {city}",
        "أهالي الحي القديم", "المهندس {name}", "لجنة من سكان {city}", "الوزير {name}",
    ],
}  # fmt: skip
DID = {
    "en": [
        "said the repairs would take", "rejected a claim for", "confirmed a delay of", "promised to review within",
        "had asked the government for", "found evidence covering", "voted to set aside", "reported losses of",
        "questioned a bill amounting to", "opened an inquiry that may last", "counted no fewer than",
    ],
    "pl": [
        "poinformował, że naprawa potrwa", "odrzucił wniosek dotyczący", "potwierdził opóźnienie o",
        "obiecał wyjaśnić w ciągu", "zwrócił się do rządu o", "odnotował straty rzędu", "doliczył się co najmniej",
    ],
    "ar": [
        "أعلن أن أعمال الإصلاح تستغرق", "رفض طلبا يتعلق بنحو", "أكد تأخيرا يبلغ", "وعد بمراجعة الملف خلال",
        "طلب من الحكومة توفير", "أحصى ما لا يقل عن", "تحدث عن خسائر تقدر بنحو",
    ],
}  # fmt: skip
WHAT = {
    "en": [
        "{n2-90} days because the parts must come from abroad", "{n2-90} thousand after the flood in spring",
        "{n3-60} homes along the old canal", "{n2-40} weeks, longer than anybody had feared",
        "{n3-99} documents that were missing from the file", "{n2-19} years of work on the bridge",
        "{n3-88} places at the school by the river", "{n4-70} lorries a day on the narrow road",
        "{n2-50} hours of recordings from the control room", "{n12-95} jobs, most of them in the foundry",
    ],
    "pl": [
        "{n2-90} dni, ponieważ części trzeba sprowadzić z zagranicy", "{n3-60} domów nad starym kanałem",
        "{n2-40} tygodni, dłużej niż ktokolwiek przypuszczał", "{n3-99} dokumentów, których brakowało w aktach",
        "{n4-70} ciężarówek dziennie na wąskiej drodze", "{n12-95} miejsc pracy, głównie w odlewni",
    ],
    "ar": [
        "{n11-90} يوما لأن القطع تأتي من الخارج", "{n11-60} منزلا على ضفة القناة القديمة",
        "{n11-40} أسبوعا وهي مدة أطول مما كان متوقعا", "{n11-99} وثيقة كانت غائبة عن الملف",
        "{n11-70} شاحنة في اليوم على الطريق الضيق", "{n11-95} وظيفة معظمها في المصنع",
    ],
}  # fmt: skip
WHY = {
    "en": [
        "and nobody at the meeting objected.", "although the final word lies with the minister.",
        "which critics called far too little and too late.", "as the rain kept falling over the valley.",
        "but declined to say who would pay for it.", "according to papers seen by this reporter.",
        "a decision that surprised even old allies.", "while the shops in the market square stayed shut.",
        "and the insurers have yet to answer.", "in spite of warnings from the auditors.",
        "so the matter returns to the full chamber next month.", "a step that had been debated since the war.",
    ],
    "pl": [
        "i nikt na sali nie zgłosił sprzeciwu.", "choć ostatnie słowo należy do ministra.",
        "co krytycy uznali za spóźniony gest.", "ale nie chciał powiedzieć, kto za to zapłaci.",
        "jak wynika z pism, które widziała redakcja.", "a ubezpieczyciele wciąż nie odpowiedzieli.",
        "mimo ostrzeżeń biegłych rewidentów.",
    ],
    "ar": [
        "ولم يعترض أحد من الحاضرين.", "غير أن الكلمة الأخيرة تبقى للوزير.", "وهو ما وصفه منتقدون بأنه متأخر جدا.",
        "لكنه امتنع عن القول من سيدفع التكاليف.", "بحسب أوراق اطلعت عليها الصحيفة.",
        "ولم ترد شركات التأمين حتى الآن.", "على الرغم من تحذيرات مدققي الحسابات.",
    ],
}  # fmt: skip
HOUSE_STYLE = [
    ("percent", "per cent"), ("kilometres", "kilometers"), ("harbour", "harbor"), ("government", "Government"),
    ("inquiry", "enquiry"), ("spokesman", "spokesperson"), ("lorries", "trucks"), ("ministry's", "ministry’s"),
    ("said", "told reporters"), ("poinformował", "powiedział"), ("potrwa", "zajmie"), ("أعلن", "قال"),
]  # fmt: skip
#: What a scanner takes letters for.
MISREAD = {"l": "1", "e": "c", "m": "rn", "o": "0", "i": "l", "n": "u", "ي": "ى", "ه": "ة", "ł": "l",
           "1": "l", "0": "O", "5": "S", "8": "3", "6": "5", "7": "1"}  # fmt: skip

Draw = Callable[[int], int]


@dataclass(frozen=True)
class Text:
    """A text, with what it was made from and how."""

    text: str
    story: str
    kind: str  # "original", or the verdict on it and the original of its story
    frame: str = ""  # that it was filled into


def _draw(seed: str) -> Draw:
    # Of Random's methods, random() alone promises the same numbers in every version of Python.
    source = random.Random(seed)
    return lambda limit: int(source.random() * limit)


def _pick(draw: Draw, things: Sequence[str]) -> str:
    return things[draw(len(things))]


def fill(frame: str, language: str, draw: Draw) -> str:
    """Fill the slots of a frame."""

    def value(slot: re.Match[str]) -> str:
        name = slot[1]
        if numbers := re.fullmatch(r"n(\d+)-(\d+)", name):
            low, high = map(int, numbers.groups())
            return str(low + draw(high - low + 1))
        if name == "name":
            return f"{_pick(draw, FIRST[language])} {_pick(draw, LAST[language])}"
        lists = {
            "first": FIRST[language], "city": CITY[language], "day": DAY[language],
            "month": MONTH[language], "firm": FIRM[language], "sky": SKY, "wind": WIND, "move": MOVE,
        }  # fmt: skip
        return _pick(draw, lists[name])

    return re.sub(r"\{([^}]+)\}", value, frame)


def _sentence(language: str, draw: Draw) -> str:
    parts = (WHO, DID, WHAT, WHY)
    return fill(" ".join(_pick(draw, part[language]) for part in parts), language, draw)


def story(language: str, sentences: int, draw: Draw) -> list[str]:
    """Make paragraphs of two sentences each."""
    made = [_sentence(language, draw) for _ in range(sentences)]
    return [" ".join(made[i : i + 2]) for i in range(0, sentences, 2)]


def _join(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(paragraphs)


def _near_copy(paragraphs: list[str], language: str, draw: Draw, ways: int = 6) -> str:
    way = draw(ways)
    out = list(paragraphs)
    if way == 0:  # house style
        text = _join(out)
        for old, new in HOUSE_STYLE:
            text = text.replace(old, new)
        return text
    if way == 1:  # a scanner
        noise = 2 + draw(7)  # percent
        return "".join(MISREAD.get(c, c) if draw(100) < noise else c for c in _join(out))
    if way == 2:  # another dateline and a caption
        city, other = _pick(draw, CITY[language]), _pick(draw, CITY[language])
        out[0] = f"{city.upper()} – {out[0]}"
        out.insert(
            1 + draw(len(out) - 1), f"{_pick(draw, FIRM[language])}, {other}, {2000 + draw(25)}"
        )
        return _join(out)
    if way == 3:  # some words dropped
        return " ".join(w for w in _join(out).split(" ") if draw(100) >= 4)
    if way == 4:  # some words replaced by others of the text
        words = _join(out).split(" ")
        plain = [w for w in words if w.isalpha() and w.islower()] or words
        return " ".join(
            _pick(draw, plain) if w.isalpha() and w.islower() and draw(100) < 6 else w
            for w in words
        )
    at = 1 + draw(len(out) - 1)  # another order
    return _join([*out[at:], *out[:at]])


def _cut_down(paragraphs: list[str], language: str, draw: Draw) -> str:
    kept = max(2, round(len(paragraphs) * (35 + draw(35)) / 100))
    return _join(paragraphs[:kept])


def _update(paragraphs: list[str], language: str, draw: Draw) -> str:
    out = list(paragraphs)
    # Counts that rose, wherever they are stated; the rest of the numbers stay.
    for _ in range(1 + draw(3)):
        old = _pick(draw, sorted(set(re.findall(r"\d+", _join(out)))))
        out = [re.sub(rf"\b{old}\b", str(int(old) + 1 + draw(9)), p) for p in out]
    if draw(2):
        out.insert(1 + draw(2), _sentence(language, draw))
    if draw(2):
        at = draw(len(out))
        out[at] = f"{_sentence(language, draw)} {out[at]}"
    return _join(out)


def _shared_passage(paragraphs: list[str], language: str, draw: Draw) -> str:
    other = story(language, 2 * len(paragraphs), draw)
    at = draw(len(other))
    begin = draw(max(1, len(paragraphs) - 2))
    return _join([*other[:at], *paragraphs[begin : begin + 2], *other[at:]])


CHANGES: dict[str, Callable[[list[str], str, Draw], str]] = {
    "near copy": _near_copy,
    "cut-down": _cut_down,
    "update": _update,
    "shared passage": _shared_passage,
}


def make_texts(seed: int = 1, per_frame: int = 12, stories: int = 60) -> list[Text]:
    """Make `per_frame` texts of each frame, and `stories` pairs for each change and language."""
    texts = []
    for (language, subject), frame in FRAMES.items():
        for small_print in (False, True):
            whole = frame + SMALL_PRINT[language] * small_print
            for i in range(per_frame):
                name = f"{language} {subject} {i}" + " with small print" * small_print
                draw = _draw(f"{seed} {name}")
                text = fill(whole, language, draw)
                texts.append(Text(text, name, "original", f"{language} {subject}"))
                if i % 4 == 0:  # two papers print the same report
                    # The lines of a report keep their order: no reordering (the last way).
                    text = _near_copy(text.split("\n"), language, draw, ways=5)
                    texts.append(Text(text, name, "near copy", f"{language} {subject}"))
    for language in ("en", "pl", "ar"):
        for kind, change in CHANGES.items():
            for i in range(stories):
                name = f"{language} {kind} {i}"
                draw = _draw(f"{seed} {name}")
                paragraphs = story(language, 10 + 2 * draw(8), draw)
                texts.append(Text(_join(paragraphs), name, "original"))
                texts.append(Text(change(paragraphs, language, draw), name, kind))
    return texts


def change_articles(articles: Sequence[str], seed: int = 1) -> list[Text]:
    """Change each English article of four paragraphs or more in one of the ways, in turn."""
    texts = []
    kinds = list(CHANGES)
    for i, article in enumerate(articles):
        paragraphs = [p for p in article.split("\n") if p.strip()]
        if len(paragraphs) < 4:
            continue
        kind = kinds[i % len(kinds)]
        draw = _draw(f"{seed} article {i}")
        if kind == "update" and not re.search(r"\d", article):
            kind = "near copy"
        texts.append(Text(_join(paragraphs), f"article {i}", "original"))
        texts.append(Text(CHANGES[kind](paragraphs, "en", draw), f"article {i}", kind))
    return texts


@dataclass(frozen=True)
class Judgement:
    """A pair that was found: what it is, what was said, and its similarity."""

    truth: str
    verdict: str
    jaccard: float
    a: int
    b: int


def judge(
    texts: Sequence[str], truth: Callable[[int, int], str], threads: int = 2
) -> list[Judgement]:
    """Judge every two texts that share 20 shingles."""
    column = _core.TextColumn.from_strings(list(texts))
    matches = _core.find_matches(
        column, measure="overlap", minhash=False, threshold=20, min_shared=1, min_ratio=0,
        shingle_size=5, max_df=0, split=0, max_memory=0, num_perm=128, recall=0.99, seed=1,
        threads=threads, progress=None,
    )  # fmt: skip
    judged = _core.judge_pairs(column, matches, threads=threads)
    cut = _core.Cut(20, verdicts=judged.verdicts)
    groups = _core.make_groups(matches, cut, np.arange(len(texts), dtype=np.uint32))
    table = _core.pairs_table(matches, groups, cut)
    names = ("verdict", "jaccard", "a", "b")
    rows = zip(*(table.column(name).tolist() for name in names), strict=True)
    return [Judgement(truth(a, b), verdict, jaccard, a, b) for verdict, jaccard, a, b in rows]


def truth_of(a: Text, b: Text) -> str:
    """Say what a pair of made texts is."""
    if a.story == b.story:
        return b.kind if a.kind == "original" else a.kind
    if a.frame and b.frame:
        return "template" if a.frame == b.frame else "shared passage"  # the small print
    return "unrelated"


def judge_made(texts: Sequence[Text]) -> list[Judgement]:
    """Judge the made pairs; "unrelated" are those of no common family."""
    return judge([t.text for t in texts], lambda a, b: truth_of(texts[a], texts[b]))


def confusion(judgements: Sequence[Judgement]) -> str:
    """Show a table: a line for each truth, with how many got each verdict."""
    counts = Counter((j.truth, j.verdict) for j in judgements)
    verdicts = sorted({v for _, v in counts})
    lines = [f"{'':16}" + "".join(f"{v:>16}" for v in verdicts)]
    lines += [
        f"{truth:16}" + "".join(f"{counts[truth, v]:16,}" for v in verdicts)
        for truth in sorted({t for t, _ in counts})
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the confusion at several thresholds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-frame", type=int, default=12)
    parser.add_argument("--stories", type=int, default=60)
    parser.add_argument(
        "--articles", help="change these instead: English, JSON lines with a text, gzipped"
    )
    results.add_option(parser)
    args = parser.parse_args()
    if args.articles:
        with gzip.open(args.articles, "rt", encoding="utf-8") as lines:
            texts = change_articles([json.loads(line)["text"] for line in lines], args.seed)
    else:
        texts = make_texts(args.seed, args.per_frame, args.stories)
    judgements = judge_made(texts)
    rows = []
    for threshold in (0.0, 0.3, 0.5, 0.7):
        counts = Counter((j.truth, j.verdict) for j in judgements if j.jaccard >= threshold)
        rows += [
            {"jaccard from": threshold, "truth": truth, "verdict": verdict, "pairs": pairs}
            for (truth, verdict), pairs in sorted(counts.items())
        ]
        print(f"pairs that share 20 shingles, Jaccard >= {threshold}")
        print(confusion([j for j in judgements if j.jaccard >= threshold]), end="\n\n")
    results.write(args.json, {"verdicts": rows})


if __name__ == "__main__":
    main()
