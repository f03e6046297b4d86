# Every sentence that a user sees, in Hungarian.

start =
    Szia! Küldj egy fotót kézzel írt számjegyekről, és megmondom, melyek azok, és mennyire vagyok biztos benne.
    Nincs kéznél toll? A /draw paranccsal rajzolhatsz, vagy koppints lent egy példára. A /help megmutatja, milyen a jó fotó.

help =
    <b>Balra: jó fotó. Jobbra: rossz.</b>
    Írj nagy számjegyeket, sötét tollal, és fényképezz felülről, egyenletes fényben. Képfájl is jó (JPEG, PNG, WebP, HEIC, TIFF, a PDF első oldala), ahogy album és matrica is.

    Megmondom a számjegyeket, és hogy mennyire vagyok biztos bennük; a kérdőjel azt jelenti, hogy az előtte álló számjegyben bizonytalan vagyok. Ha tévedek, koppints a <i>Rossz</i> gombra, és tanulok belőle. A <i>Miért?</i> megmutatja, mit figyeltem.

    /draw: rajzolás írás helyett
    /model: melyik hálózat olvasson neked
    /language: nyelv kiválasztása
    /privacy: mit tárolok
    /forget: minden törlése, amit rólad tárolok

    <b>Csoportban</b>: küldj fotót /read{ $bot } felirattal, válaszolj egy fotóra ezzel: /read{ $bot }, vagy válaszolj fotóval egy üzenetemre. A puszta @említés csak akkor ér el hozzám, ha a gazdám kikapcsolta az adatvédelmi módot (@BotFather, /setprivacy).

help-admin =
    <b>Adminoknak</b>
    /retrain clean, noisy vagy both: a hálózatok tanítása
    /versions: a betanított hálózatok, és hogy melyik van használatban
    /rollback clean vagy noisy: vissza az előző változathoz
    /samples: a felhasználók javításai
    /stats: hány fotó, hány hiba

privacy =
    A fotódat soha nem tárolom: elfelejtem, amint elolvastam.
    Tárolom, hogy mit olvastam, mennyire voltam biztos benne, és minden számjegyről egy apró képet (28 × 28 pixel), a Telegram-azonosítóddal (nem a telefonszámoddal), valamint a választott hálózattal és nyelvvel együtt.
    A javításaidból tanulnak a hálózatok.
    A nem javított számjegyek képét { $glyphs } nap után törlöm, minden mást { $days } nap után.
    A /forget mindezt egyszerre törli.

draw = Nyisd meg ezt a fehér képet, koppints a tollra a Telegram szerkesztőjében, rajzolj nagy, sötét számjegyeket, és küldd vissza.
draw-page = Vagy koppints lent a „Rajzolj itt” gombra: azon az oldalon ujjal rajzolhatsz.
button-draw = ✎ Rajzolj itt
mini-title = Rajzolj nagy, sötét számjegyeket
mini-pen = Toll
mini-undo = Visszavonás
mini-wipe = Törlés
mini-read = Elolvasás
mini-failed = Ez nem sikerült. Kérlek, próbáld újra egy perc múlva, vagy nyisd meg újra az oldalt a csevegésből.

send-photo = Küldj kézzel írt számjegyeket fotón vagy fájlban, és elolvasom őket.
unknown-command = Ezt a parancsot nem ismerem. A /help megmutatja, mit tudok.
hint-typed = Ez gépelve van, én pedig csak kézírást olvasok. Írd le kézzel: { $digits }, fényképezd le, és küldd el.
read-usage = Kérlek, válaszolj egy fotóra ezzel: /read{ $bot }, vagy küldj fotót /read{ $bot } felirattal.
guest-usage = Írd a nevemet ({ $bot }) egy fotó feliratába, vagy válaszolj vele egy fotóra, és elolvasom.
busy = Most sok fotó érkezik. A tiéd sorban áll, hamarosan válaszolok.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = szia sziasztok szervusz helló hello üdv jó

number = { $number }
percent = { $percent }%
answer-one = <b>{ $digit }</b> · { $percent }%
answer-unsure = <b>{ $digit }</b>? · { $percent }%, vagy <b>{ $other }</b> · { $other-percent }%
answer-refused = Nem látok számjegyet (talán <b>{ $digits }</b>?).
answer-several = <b>{ $digits }</b>
answer-least-sure = A legbizonytalanabb: { $line ->
    [0] a { $place }. helyen
   *[other] a { $line }. sorban a { $place }. helyen
} álló { $digit } ({ $percent }%)
answer-turned = Elforgattam a fotót, hogy el tudjam olvasni.
answer-looks-turned = Úgy látom, a fotó az oldalán vagy fejjel lefelé van. Merre forgassam?
answer-read-by = { $model ->
    [clean] „clean” hálózat
    [noisy] „noisy” hálózat
   *[auto] mindkét hálózat
}
answer-gone = Ez a válasz már nincs meg. Kérlek, küldd el újra a fotót.
photo-gone = A fotó már nincs ebben a csevegésben. Kérlek, küldd el újra.
not-yours = Ezeket a gombokat csak az használhatja, aki kérdezett.
button-too-old = Ez az üzenet olyan régi, hogy a gombjai már nem működnek. Kérlek, kérd újra.

sum-of = A { $count } sor összege { $total }.
sum-unsure = Fenntartással: néhány számjegyben nem vagyok biztos.

button-right = ✓ Jó
button-wrong = ✗ Rossz
button-why = Miért?
button-turn-left = ↺ balra
button-turn-right = jobbra ↻
button-turn-half = 180°
button-turn-none = olvasd így, ahogy van
button-back = ‹ Vissza
button-copy = Másolás
button-table = Táblázat
button-sum = Sorok összege
button-show = { $number }. fotó ellenőrzése
button-else = más
button-not-a-digit = nem számjegy

why-caption =
    { $place ->
        [0] <b>{ $digit }</b>
       *[other] <b>{ $digit }</b> ({ $line ->
            [0] { $place }. számjegy
           *[other] { $line }. sor, { $place }. számjegy
        })
    } · { $percent }%. Minél melegebb színű egy pont a jobb oldali képen, annál inkább rajta múlik a válasz.
    „clean” hálózat: { $clean } · { $clean-percent }%. „noisy” hálózat: { $noisy } · { $noisy-percent }%.
    Változat: { $version }
why-changed = Azóta másik változat van használatban, és más számjegyeket talál ezen a fotón. Kérlek, küldd el újra a fotót.
why-photo = A fotód
why-glyph = Amit láttam
why-heat = Ami számított
why-probabilities = Mennyire valószínű az egyes számjegy?
why-clean = „clean” hálózat
why-noisy = „noisy” hálózat

language-name = Magyar
language-choose = Milyen nyelven beszéljek?
language-switched = Mostantól magyarul beszélek.

bot-description =
    Küldj egy fotót kézzel írt számjegyekről, és megmondom, melyek azok, és mennyire vagyok biztos benne.
    A fotókat elolvasom és elfelejtem, soha nem tárolom.
bot-short-description = Kézzel írt számjegyeket olvasok fotókról, a fotókat pedig elfelejtem.

menu-help = Milyen a jó fotó
menu-draw = Rajzolás írás helyett
menu-model = Melyik hálózat olvasson neked
menu-language = Nyelv kiválasztása
menu-privacy = Mit tárolok
menu-forget = Minden törlése, amit rólad tárolok
menu-read = Elolvasom a fotót, amelyre válaszolsz
menu-retrain = Egy hálózat tanítása
menu-versions = A betanított hálózatok, és hogy melyik van használatban
menu-rollback = Vissza az előző változathoz
menu-samples = A felhasználók javításai
menu-stats = Hány fotó, hány hiba

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] Neked a <b>clean</b> hálózat olvas.
        [noisy] Neked a <b>noisy</b> hálózat olvas.
       *[auto] <b>auto</b>: mindkét hálózatot megkérdezem, és a biztosabbra hallgatok.
    }
    A <b>clean</b> a szokásos fotókhoz a legjobb, a <b>noisy</b> a szemcsés, piszkos vagy pettyes képekhez, az <b>auto</b> pedig mindkettőt megkérdezi: ez a legjobb, ha nem vagy biztos a dologban.
model-switched = { $model ->
    [clean] Mostantól a <b>clean</b> hálózat olvas neked.
    [noisy] Mostantól a <b>noisy</b> hálózat olvas neked.
   *[auto] Mostantól mindkét hálózatot megkérdezem, és a biztosabbra hallgatok.
}
model-unknown = Ezt a hálózatot nem ismerem. Választható: <b>clean</b>, <b>noisy</b> és <b>auto</b>; például /model noisy.

error-unreadable = Ezt a fájlt nem tudom képként megnyitni. Kérlek, küldj fotót, vagy JPEG-, PNG- vagy WebP-fájlt.
error-too-large = Ez a kép túl nagy nekem. Kérlek, küldd fotóként, vagy legfeljebb 20 MB-os és 12 megapixeles fájlként.
error-not-received = Ez a kép nem érkezett meg hozzám időben. Kérlek, küldd el újra.
error-too-many = Ezt a fotót nem olvastam el, és azokat sem, amelyeket közvetlenül utána küldtél: percenként { $count } fotót fogadok. Kérlek, küldd el őket újra { $seconds } másodperc múlva.
error-no-digits = { $cause ->
    [too_dark] A kép túl sötét, nem látok rajta számjegyet. Kérlek, próbáld több fénnyel, például ablak mellett.
    [too_blurred] A kép túl homályos, nem látok rajta számjegyet. Kérlek, tartsd nyugodtan a telefont, amíg a kép éles nem lesz.
    [printed] Csak nyomtatott szöveget látok. Kérlek, írd kézzel a számjegyeket.
    [crowded] Túl sok jel van ezen a képen, nem találok köztük számjegyeket. Kérlek, csak a számjegyeket fényképezd, közelebbről, sima papíron.
    [no_ink] Nem látok tintát ezen a képen. Kérlek, írj nagy számjegyeket sötét tollal, hogy kitöltsék a képet.
   *[other] Látok itt valamit, de számjegyet nem. Kérlek, fényképezz kézzel írt számjegyeket felülről, úgy, hogy más ne legyen körülöttük.
}
error-unknown = Nálam hiba történt, nem nálad. Kérlek, küldd el újra. (Hiba: { $id })
error-for-admin = Hiba { $id }: { $kind }

store-damaged = Az adatbázisom megsérült. { $file } néven megőriztem az adatmappámban, és újat kezdtem: a korábbi beállítások, javítások és megválaszolatlan fotók a régi fájlban vannak.
pointer-damaged = Megsérült a fájl, amely megmondja, melyik { $kind } változat van használatban. { $file } néven megőriztem, most { $version } van használatban. Másikat a /versions paranccsal választhatsz.
version-damaged = A következő { $kind } változat megsérült: { $version }. Helyette ez van használatban: { $serving }.
tables-missing = Táblák hiányoztak az adatbázisomból: { $tables }. Újra megvannak, de üresen; a tartalmuk egy biztonsági mentésben lehet meg.
data-deleted = Működés közben törölték az adatmappámat. Visszaállítottam az adatbázissal együtt; az itt tanított változatok elvesztek, hacsak nincs róluk biztonsági mentésed.
updates-damaged = { $count } üzenet megsérült az adatbázisomban, ezért válasz nélkül marad.

only-admins = Ezt csak admin teheti meg.

feedback-right = Köszönöm! Jó tudni.
feedback-thanks = Köszönöm, feljegyeztem.
feedback-which = Melyik számjegy rossz?
feedback-what-one = Ezt olvastam: { $digit }. Mi az valójában?
feedback-what = { $line ->
    [0] A { $place }. számjegy
   *[other] A { $line }. sor { $place }. számjegye
}: ezt olvastam: { $digit }. Mi az valójában?
feedback-confirmed = <b>{ $digits }</b> · ✓ megerősítve, köszönöm.
feedback-noted = <b>{ $digits }</b> · köszönöm, feljegyeztem.
feedback-nothing = Nincs rajta számjegy: köszönöm, feljegyeztem.

forget-ask = Töröljek mindent, amit rólad tárolok: amit neked olvastam, a javításaidat, a választott hálózatot és nyelvet?
forget-yes = Kész, mindent töröltem.
forget-no = Semmit sem töröltem.
button-forget-yes = Igen, mindent töröljön

retrain-usage = Melyik hálózat? /retrain clean, /retrain noisy vagy /retrain both. Ha „full” áll utána, a tanítás elölről kezdődik, és egy óráig vagy tovább tart.
retrain-running = A { $kind } hálózat tanítása már folyik.
retrain-no-worker = Nem fut worker: a tanítás akkor kezdődik, amikor elindítasz egyet (python -m bot.worker).
retrain-start =
    { $how ->
        [full] Elölről tanítom a <b>{ $kind }</b> hálózatot.
       *[finetune] Továbbtanítom a <b>{ $kind }</b> hálózatot a használatban lévő változatból.
    } { $corrections ->
        [0] Nincs javítás, amelyből tanulhatna.
        [one] Egy javításból tanul, ha hihető.
       *[other] { $corrections } javításból tanul, amennyiben hihetők.
    } Körülbelül { $minutes ->
        [one] egy percig
       *[other] { $minutes } percig
    } tart; a fotókra közben is válaszolok.
retrain-progress =
    A <b>{ $kind }</b> hálózat tanítása
    { $bar } { $percent }%
    { $epoch }. epoch, összesen { $epochs }
    veszteség { $loss }, ellenőrzés { $accuracy }
    { $minutes ->
        [-1] hogy meddig tart, mindjárt kiderül…
        [0] kevesebb mint egy perc van hátra
        [one] körülbelül egy perc van hátra
       *[other] körülbelül { $minutes } perc van hátra
    }
retrain-promoted = A következő fotótól az új <b>{ $kind }</b> hálózat van használatban: { $version }
retrain-kept = Az új <b>{ $kind }</b> hálózat nem kerül használatba. { $test ->
    [validation] Az eddiginél rosszabbul olvassa az ellenőrző számjegyeket.
    [noise] Az eddiginél rosszabbul olvas a saját zajában: { $kind ->
        [clean] elmosódott, vékony, vastag, elforgatott, dőlt, kicsi vagy eltolt számjegyek.
       *[noisy] fekete és fehér képpontok (só és bors).
    }
    [held-out] A félretett javításokat nem olvassa jobban az eddiginél.
    [nothing] Nem tanult semmit: sem a javításokat, sem az ellenőrző számjegyeket nem olvassa jobban az eddiginél.
   *[load] Nem tölthető be, vagy másként válaszol, mint tanításkor.
} ({ $version })
retrain-pattern = A javítások közül { $count } (összesen { $all }), { $users } felhasználótól, azt állítja, hogy ami { $was }, az { $to ->
    [none] nem számjegy
   *[other] valójában { $to }
}. Nézd meg őket. Így fest, ha többen összebeszélnek, hogy félrevezessenek.
retrain-aside = { $count } javítást félretettem. Ez a tanítás még velük indult: szakítsd meg, és indítsd újra. A /samples include visszaveszi őket.
left-out = { $sign } nem használtam, mert { $reason ->
    [contradicted] világosan más áll ott
    [harmful] velük rosszul olvasnám a szokásos számjegyeket
   *[too_many] ugyanattól a felhasználótól már elég van
}: { $count }
retrain-failed = A <b>{ $kind }</b> hálózat tanítása nem sikerült; az eddigi változat marad használatban. { $reason }
retrain-killed = A <b>{ $kind }</b> hálózat tanítását a rendszer leállította, talán elfogyott a memória; az eddigi változat marad használatban.
retrain-cancelled = A <b>{ $kind }</b> hálózat tanítása megszakadt, ahogy kérted; az eddigi változat marad használatban.
retrain-cancelling = Leállítom.
retrain-over = Ez a tanítás már véget ért.
retrain-ended = { $state ->
    [promoted] Az új <b>{ $kind }</b> hálózat van használatban: { $version }
    [kept] A <b>{ $kind }</b> hálózat tanítása véget ért; a { $version } változat nem kerül használatba. A /versions mutatja.
    [interrupted] A <b>{ $kind }</b> hálózat tanítását egy újraindulás félbeszakította; az eddigi változat marad használatban.
    [cancelled] A <b>{ $kind }</b> hálózat tanítását megszakították; az eddigi változat marad használatban.
   *[failed] A <b>{ $kind }</b> hálózat tanítása nem sikerült; az eddigi változat marad használatban.
}
retrain-learned = Javítások, amelyeket a { $kind } már jól olvas (zöld): { $gained }. Még rosszul (piros): { $missed }.
retrain-mnist = MNIST
retrain-validation = ellenőrzés
retrain-noise = zaj { $level }
retrain-own-noise = saját zaj
retrain-held-out = félretett
retrain-doubt = bizonytalan
retrain-speed = ms/számjegy
button-cancel = Megszakítás
button-look = Mutasd őket
button-approve = Jók
button-aside = Ezek félretétele
button-promote = Használjuk mégis
button-promote-sure = Igen, használjuk mégis
promote-sure = Egy próbán megbukott. A megerősítéshez koppints még egyszer.

versions = A <b>{ $kind }</b> hálózat változatai, a legújabb elöl
version-line =
    { $serves ->
        [true] ● <b>{ $version }</b>, használatban
       *[false] ○ <b>{ $version }</b>
    }
    { $date } · MNIST-teszt { $test }%, ellenőrzés { $validation }% · { $corrections } javítás · { $by ->
        [shipped] a bottal érkezett
        [unknown] nem a csevegésből tanították
       *[user] tanította: { $by }
    }
version-broken = ✗ <b>{ $version }</b>: nem tölthető be
version-serves = A következő fotótól a <b>{ $kind }</b> hálózat ezt használja: { $version }.
version-refused = Ez nem megy: a változat eltűnt, sérült, vagy épp használatban van.
rollback-none = Ez előtt nem volt más { $kind } változat használatban.
button-serve = { $version } használata
button-delete = Törlés
button-delete-sure = Igen, törlöm: { $version }
button-no = Nem

samples =
    Javítások: #{ $first } – #{ $last }; a pirosakat soha nem használom tanításra, a sárgák legutóbb kimaradtak.
    { $users }
    Kihagyás: /samples exclude 12 15 vagy /samples exclude user 7. Az „include” után tanítok velük, bármit mondanak is a próbáim.
samples-none = Nincs javítás.
samples-usage = Például: /samples, /samples exclude 12 15, /samples exclude user 7, /samples include 12.
samples-excluded = { $count ->
    [one] Egy javítást kihagyok.
   *[other] { $count } javítást kihagyok.
}
samples-included = { $count ->
    [one] Egy javítást használok tanításra, bármit mondanak is a próbáim.
   *[other] { $count } javítást használok tanításra, bármit mondanak is a próbáim.
}
button-older = Régebbiek

stats = Az elmúlt { $days } napban { $users } felhasználó { $photos } fotót küldött. Rossznak jelölt számjegyek: { $share }.
stats-worst = A legtöbbször rossz számjegy a következő: { $digit }. Ebből rossz: { $share }.
stats-all-right = Egyet sem jelöltek rossznak.
stats-title = Rossznak jelölt / olvasott számjegyek
stats-days = { $days ->
    [one] egy nap
   *[other] { $days } nap
}
stats-photos = { $photos ->
    [one] egy fotó
   *[other] { $photos } fotó
}
stats-users = { $users ->
    [one] egy felhasználó
   *[other] { $users } felhasználó
}
button-try-one = Egy számjegy
button-try-several = Több
button-try-doubt = Egy nehéz
taught = { $count ->
    [one] Ezt te tanítottad nekem: neked köszönhetően most már így olvasom: { $digits }.
   *[other] Ezeket te tanítottad nekem: neked köszönhetően most már így olvasom őket: { $digits }.
}
button-mute = Ne küldj többet ilyet
muted = Rendben, ilyet többé nem küldök.
retrain-choose = Melyik hálózatot tanítsam? Egyenként körülbelül { $minutes } percig tart; a fotókra közben is válaszolok. Amíg nem koppintasz, semmi sem indul el.
retrain-both = Mindkét hálózatot tanítom, egymás után: előbb a clean, aztán a noisy hálózatot.
retrain-used = Javítások: { $used } tanításra használva, { $measured } mérésre félretéve.
of = { $part }/{ $whole }
rollback-choose = Melyik hálózat térjen vissza az előző változathoz? Amíg nem koppintasz, semmi sem változik.
button-both = mindkettő
samples-user = { $teacher } felhasználó: { $numbers }
share = { $few ->
    [yes] { $wrong } ({ $read } közül)
   *[no] { $percent }% ({ $read } közül)
}

# The page of the local chat itself.
page-title = { $name } · helyi csevegés
page-connecting = kapcsolódás…
page-bot = bot
page-typing = ír…
page-sending-photo = fotót küld…
page-sending-file = fájlt küld…
page-busy = dolgozik…
page-i-am = Én vagyok
page-role-user = felhasználó
page-role-second = másik felhasználó
page-role-admin = admin
page-you-are = Te vagy { $name } ({ $role }). Módosítás
page-where = Ide írok
page-private = a botnak
page-group = egy csoportba
page-language = Nyelv
page-drop-hint = Húzz ide vagy illessz be egy képet, vagy
page-choose-photos = Fotók kiválasztása
page-draw = Rajzolás
page-start = Indítás
page-messages = Üzenetek
page-newest = A legújabb üzenethez
page-commands = Parancsok
page-reply = Válasz
page-no-reply = Mégse válaszolok
page-message = Üzenet
page-attach = Képek vagy fájlok küldése
page-draw-digits = Számjegyek rajzolása
page-send = Küldés
page-photos = Fotók
page-camera = Kamera
page-file-unchanged = Fájl, változatlanul
page-send-pictures = Képek küldése
page-send-files = Fájlok küldése
page-as-files = Küldés változatlanul, fájlként
page-caption = Felirat
page-leave-out = { $file } kihagyása
page-cancel = Mégse
page-close-unsent = Bezárás küldés nélkül
page-paper = Papír, amelyre egérrel, ujjal vagy tollal rajzolhatsz
page-discard = Eldobod ezt a rajzot?
page-picture = Kép
page-close = Kép bezárása
page-photo = Fotó
page-open-photo = Fotó, megnyitás nagyban
page-file = fájl
page-edited = szerkesztve
page-answers = Válaszok
page-drop = Engedd el a küldéshez
page-copied = Kimásolva: { $text }
page-not-sent = Nem ment el: { $reason }
page-not-running = a bot nem fut
page-group-hint = Csoportban a bot azt a fotót olvassa el, amelynek a felirata /read{ $bot }, vagy amelyre ezzel válaszolsz.
