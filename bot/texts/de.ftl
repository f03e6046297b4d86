# Every sentence that a user sees, in German.

start =
    Hallo! Schick mir ein Foto handgeschriebener Ziffern, und ich sage dir, welche es sind und wie sicher ich mir bin.
    Kein Stift zur Hand? Zeichne mit /draw, oder tippe unten auf ein Beispiel. /help zeigt, was ein gutes Foto ausmacht.

help =
    <b>Links: ein gutes Foto. Rechts: ein schlechtes.</b>
    Schreib groß, mit dunklem Stift, und fotografiere von oben bei gleichmäßigem Licht. Bilddateien (JPEG, PNG, WebP, HEIC, TIFF, PDF-Seite 1), Alben und Sticker gehen auch.

    Ich nenne dir die Ziffern und wie sicher ich mir bin; „?“ heißt: Bei der Ziffer davor bin ich unsicher. Tippe auf <i>Falsch</i>, wenn ich mich irre: Ich lerne daraus. <i>Warum?</i> zeigt, worauf ich geachtet habe.

    /draw: zeichnen statt schreiben
    /model: das Netz wählen, das für dich liest
    /language: meine Sprache wählen
    /privacy: was ich speichere
    /forget: alles löschen, was ich über dich gespeichert habe

    <b>In Gruppen</b>: Schick ein Foto mit der Bildunterschrift /read{ $bot }, antworte mit /read{ $bot } auf ein Foto oder mit einem Foto auf eine meiner Nachrichten. Eine bloße @Erwähnung erreicht mich nur, wenn mein Besitzer den Privatsphäre-Modus ausgeschaltet hat (@BotFather, /setprivacy).

help-admin =
    <b>Für Admins</b>
    /retrain clean, noisy oder both: die Netze trainieren
    /versions: trainierte Netze, und welches im Einsatz ist
    /rollback clean oder noisy: zurück zur Version davor
    /samples: Korrekturen der Nutzer
    /stats: wie viele Fotos, wie viele Fehler

privacy =
    Dein Foto speichere ich nie: Ich vergesse es, sobald ich es gelesen habe.
    Ich speichere, was ich gelesen habe, wie sicher ich mir war und von jeder Ziffer ein winziges Bild (28 × 28 Pixel), zusammen mit deiner Telegram-ID (nicht deiner Telefonnummer) und dem Netz und der Sprache, die du gewählt hast.
    Mit deinen Korrekturen werden die Netze trainiert.
    Die Bilder der Ziffern, die du nicht korrigiert hast, lösche ich nach { $glyphs ->
        [one] einem Tag
       *[other] { $glyphs } Tagen
    }, alles andere nach { $days ->
        [one] einem Tag
       *[other] { $days } Tagen
    }.
    /forget löscht alles davon auf einmal.

draw = Öffne dieses weiße Bild, tippe in Telegrams Editor auf den Stift, zeichne große, dunkle Ziffern und schick es mir zurück.
draw-page = Oder tippe unten auf „Hier zeichnen“: Auf der Seite kannst du mit dem Finger zeichnen.
button-draw = ✎ Hier zeichnen
mini-title = Zeichne große, dunkle Ziffern
mini-pen = Stift
mini-undo = Rückgängig
mini-wipe = Leeren
mini-read = Lesen
mini-failed = Das hat nicht geklappt. Bitte versuch es in einer Minute noch einmal, oder öffne die Seite neu aus dem Chat.

send-photo = Schick mir handgeschriebene Ziffern, als Foto oder als Datei, und ich lese sie.
unknown-command = Diesen Befehl kenne ich nicht. /help zeigt, was ich kann.
hint-typed = Das ist getippt, und ich lese nur Handschrift. Schreib { $digits } von Hand, mach ein Foto davon und schick es mir.
read-usage = Bitte antworte mit /read{ $bot } auf ein Foto, oder schick ein Foto mit der Bildunterschrift /read{ $bot }.
guest-usage = Nenne mich ({ $bot }) in der Bildunterschrift eines Fotos oder in einer Antwort auf ein Foto, und ich lese es.
busy = Gerade kommen viele Fotos an. Deins ist in der Warteschlange, du bekommst bald eine Antwort.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = hallo moin servus guten grüß tag

number = { $number }
percent = { $percent } %
answer-one = <b>{ $digit }</b> · { $percent } %
answer-unsure = <b>{ $digit }</b>? · { $percent } %, oder <b>{ $other }</b> · { $other-percent } %
answer-refused = Ich sehe keine Ziffer (vielleicht <b>{ $digits }</b>?).
answer-several = <b>{ $digits }</b>
answer-least-sure = Am unsichersten: die { $digit } an { $line ->
    [0] { $place }. Stelle
   *[other] { $place }. Stelle in Zeile { $line }
} ({ $percent } %)
answer-turned = Ich habe das Foto zum Lesen gedreht.
answer-looks-turned = Das Foto scheint auf der Seite oder auf dem Kopf zu liegen. Wie soll ich es drehen?
answer-read-by = { $model ->
    [clean] Netz „clean“
    [noisy] Netz „noisy“
   *[auto] beide Netze
}
answer-gone = Diese Antwort habe ich nicht mehr. Bitte schick das Foto noch einmal.
photo-gone = Das Foto ist nicht mehr in diesem Chat. Bitte schick es noch einmal.
not-yours = Diese Knöpfe sind für die Person, die gefragt hat.
button-too-old = Diese Nachricht ist so alt, dass ihre Knöpfe nicht mehr funktionieren. Bitte frag noch einmal.

sum-of = Die { $count } Zeilen ergeben zusammen { $total }.
sum-unsure = Ohne Gewähr: Bei manchen Ziffern bin ich mir nicht sicher.

button-right = ✓ Richtig
button-wrong = ✗ Falsch
button-why = Warum?
button-turn-left = ↺ links
button-turn-right = rechts ↻
button-turn-half = 180°
button-turn-none = so lesen, wie es ist
button-back = ‹ Zurück
button-copy = Kopieren
button-table = Als Tabelle
button-sum = Zeilen addieren
button-show = Foto { $number } prüfen
button-else = etwas anderes
button-not-a-digit = keine Ziffer

why-caption =
    { $place ->
        [0] <b>{ $digit }</b>
       *[other] <b>{ $digit }</b> ({ $line ->
            [0] { $place }. Ziffer
           *[other] Zeile { $line }, { $place }. Ziffer
        })
    } · { $percent } %. Je wärmer die Farbe einer Stelle im rechten Bild, desto mehr hängt diese Antwort von ihr ab.
    Netz „clean“: { $clean } · { $clean-percent } %. Netz „noisy“: { $noisy } · { $noisy-percent } %.
    Version: { $version }
why-changed = Inzwischen ist eine andere Version im Einsatz, und sie findet auf dem Foto andere Ziffern. Bitte schick das Foto noch einmal.
why-photo = Dein Foto
why-glyph = Was ich sah
why-heat = Was zählte
why-probabilities = Wie wahrscheinlich ist jede Ziffer?
why-clean = Netz „clean“
why-noisy = Netz „noisy“

language-name = Deutsch
language-choose = Welche Sprache soll ich sprechen?
language-switched = Ich spreche jetzt Deutsch.

bot-description =
    Schick mir ein Foto handgeschriebener Ziffern, und ich sage dir, welche es sind und wie sicher ich mir bin.
    Fotos lese ich und vergesse sie; ich speichere sie nie.
bot-short-description = Ich lese handgeschriebene Ziffern auf Fotos und vergesse die Fotos.

menu-help = Was ein gutes Foto ausmacht
menu-draw = Zeichnen statt schreiben
menu-model = Das Netz wählen, das für dich liest
menu-language = Meine Sprache wählen
menu-privacy = Was ich speichere
menu-forget = Alles löschen, was ich über dich gespeichert habe
menu-read = Das Foto lesen, auf das du antwortest
menu-retrain = Ein Netz trainieren
menu-versions = Trainierte Netze, und welches im Einsatz ist
menu-rollback = Zurück zur Version davor
menu-samples = Korrekturen der Nutzer
menu-stats = Wie viele Fotos, wie viele Fehler

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] Für dich liest das Netz <b>clean</b>.
        [noisy] Für dich liest das Netz <b>noisy</b>.
       *[auto] <b>auto</b>: Ich frage beide Netze und nehme die Antwort des sichereren.
    }
    <b>clean</b> eignet sich am besten für gewöhnliche Fotos, <b>noisy</b> für körnige, schmutzige oder gesprenkelte Bilder, und <b>auto</b> fragt beide: am besten, wenn du unsicher bist.
model-switched = { $model ->
    [clean] Von jetzt an liest das Netz <b>clean</b> für dich.
    [noisy] Von jetzt an liest das Netz <b>noisy</b> für dich.
   *[auto] Von jetzt an frage ich beide Netze und nehme die Antwort des sichereren.
}
model-unknown = Dieses Netz kenne ich nicht. Zur Wahl stehen <b>clean</b>, <b>noisy</b> und <b>auto</b>: zum Beispiel /model noisy.

error-unreadable = Diese Datei kann ich nicht als Bild öffnen. Bitte schick ein Foto oder eine JPEG-, PNG- oder WebP-Datei.
error-too-large = Dieses Bild ist mir zu groß. Bitte schick es als Foto oder als Datei von höchstens 20 MB und 12 Megapixeln.
error-not-received = Dieses Bild ist nicht rechtzeitig bei mir angekommen. Bitte schick es noch einmal.
error-too-many = Dieses Foto habe ich nicht gelesen, und auch keines, das du gleich danach geschickt hast: Ich nehme { $count } in der Minute. Bitte schick sie in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
} noch einmal.
error-no-digits = { $cause ->
    [too_dark] Das Bild ist so dunkel, dass ich keine Ziffer sehe. Bitte versuch es mit mehr Licht, zum Beispiel am Fenster.
    [too_blurred] Das Bild ist so unscharf, dass ich keine Ziffer sehe. Bitte halt das Telefon ruhig, bis das Bild scharf ist.
    [printed] Ich sehe nur gedruckten Text. Bitte schreib die Ziffern von Hand.
    [crowded] Auf diesem Bild sind zu viele Striche und Zeichen, ich finde keine Ziffern darin. Bitte fotografiere nur die Ziffern, von näher und auf weißem Papier.
    [no_ink] Ich sehe keine Tinte auf diesem Bild. Bitte schreib groß und mit dunklem Stift, so dass die Ziffern das Bild füllen.
   *[other] Ich sehe hier etwas, aber keine Ziffer. Bitte fotografiere handgeschriebene Ziffern von oben, ohne anderes drum herum.
}
error-unknown = Bei mir ist etwas schiefgegangen, nicht bei dir. Bitte schick es noch einmal. (Fehler { $id })
error-for-admin = Fehler { $id }: { $kind }

store-damaged = Meine Datenbank war beschädigt. Sie liegt als { $file } in meinem Datenordner, und ich habe eine neue angelegt: Einstellungen, Korrekturen und unbeantwortete Fotos von vorher sind in der alten Datei.
pointer-damaged = Die Datei, in der steht, welche Version von { $kind } im Einsatz ist, war beschädigt. Sie liegt jetzt als { $file } da, und { $version } ist im Einsatz. Mit /versions kannst du eine andere wählen.
version-damaged = Die Version { $version } von { $kind } ist beschädigt, deshalb ist { $serving } im Einsatz.
tables-missing = In meiner Datenbank fehlten Tabellen: { $tables }. Sie sind wieder da, aber leer; was darin war, steht in einer Sicherung.
data-deleted = Mein Datenordner wurde gelöscht, während ich lief. Ich habe ihn mit der Datenbank wieder angelegt; hier trainierte Versionen sind weg, falls du keine Sicherung hast.
updates-damaged = { $count ->
    [one] Eine Nachricht in meiner Datenbank war beschädigt und bleibt unbeantwortet.
   *[other] { $count } Nachrichten in meiner Datenbank waren beschädigt und bleiben unbeantwortet.
}

only-admins = Das darf nur ein Admin.

feedback-right = Danke! Gut zu wissen.
feedback-thanks = Danke, ich habe es mir notiert.
feedback-which = Welche Ziffer ist falsch?
feedback-what-one = Ich habe eine { $digit } gelesen. Was ist es wirklich?
feedback-what = { $line ->
    [0] Die { $place }. Ziffer
   *[other] Zeile { $line }, { $place }. Ziffer
}: Ich habe eine { $digit } gelesen. Was ist es wirklich?
feedback-confirmed = <b>{ $digits }</b> · ✓ bestätigt, danke.
feedback-noted = <b>{ $digits }</b> · danke, ich habe es mir notiert.
feedback-nothing = Gar keine Ziffer: Danke, ich habe es mir notiert.

forget-ask = Soll ich alles löschen, was ich über dich gespeichert habe: was ich für dich gelesen habe, deine Korrekturen, deine Wahl von Netz und Sprache?
forget-yes = Erledigt, alles ist gelöscht.
forget-no = Ich habe nichts gelöscht.
button-forget-yes = Ja, alles löschen

retrain-usage = Welches Netz? /retrain clean, /retrain noisy oder /retrain both. Mit „full“ dahinter beginnt das Training bei null und dauert eine Stunde oder länger.
retrain-running = Das Netz { $kind } wird schon trainiert.
retrain-no-worker = Es läuft kein Worker: Das Training beginnt, sobald einer gestartet ist (python -m bot.worker).
retrain-start =
    { $how ->
        [full] Ich trainiere das Netz <b>{ $kind }</b> von Grund auf.
       *[finetune] Ich trainiere das Netz <b>{ $kind }</b> weiter, ausgehend von der Version im Einsatz.
    } { $corrections ->
        [0] Es gibt keine Korrekturen, aus denen es lernen kann.
        [one] Es lernt aus einer Korrektur, wenn sie glaubwürdig ist.
       *[other] Es lernt aus { $corrections } Korrekturen, soweit sie glaubwürdig sind.
    } Das dauert etwa { $minutes ->
        [one] eine Minute
       *[other] { $minutes } Minuten
    }; Fotos beantworte ich währenddessen.
retrain-progress =
    Training des Netzes <b>{ $kind }</b>
    { $bar } { $percent } %
    Epoche { $epoch } von { $epochs }
    Verlust { $loss }, Validierung { $accuracy }
    { $minutes ->
        [-1] wie lange noch, weiß ich gleich …
        [0] noch weniger als eine Minute
        [one] noch etwa eine Minute
       *[other] noch etwa { $minutes } Minuten
    }
retrain-promoted = Das neue Netz <b>{ $kind }</b> ist ab dem nächsten Foto im Einsatz: { $version }
retrain-kept = Das neue Netz <b>{ $kind }</b> wird nicht eingesetzt. { $test ->
    [validation] Es liest die Validierungsziffern schlechter als das bisherige.
    [noise] Es liest schlechter als das bisherige bei den Störungen, für die es da ist: { $kind ->
        [clean] unscharfe, dünne, dicke, gedrehte, schräge, kleine oder verschobene Ziffern.
       *[noisy] schwarze und weiße Bildpunkte (Salz und Pfeffer).
    }
    [held-out] Es liest die zurückgehaltenen Korrekturen nicht besser als das bisherige.
    [nothing] Es hat nichts gelernt: Es liest weder die Korrekturen noch die Validierungsziffern besser als das bisherige.
   *[load] Es lässt sich nicht laden oder antwortet anders als im Training.
} ({ $version })
retrain-pattern = { $count } von { $all } Korrekturen, von { $users } Nutzern, sagen über eine { $was }, sie sei { $to ->
    [none] keine Ziffer
   *[other] eine { $to }
}. Sieh sie dir an: So sieht es aus, wenn sich Leute absprechen, um mich in die Irre zu führen.
retrain-aside = { $count ->
    [one] Eine Korrektur ist beiseitegelegt.
   *[other] { $count } Korrekturen sind beiseitegelegt.
} Dieses Training hat noch mit ihnen begonnen: Brich es ab und starte es neu. /samples include nimmt sie wieder auf.
left-out = { $sign } nicht benutzt, weil { $reason ->
    [contradicted] dort deutlich etwas anderes steht
    [harmful] ich mit ihnen gewöhnliche Ziffern falsch lesen würde
   *[too_many] es vom selben Nutzer schon genug sind
}: { $count }
retrain-failed = Das Training des Netzes <b>{ $kind }</b> ist gescheitert; die bisherige Version bleibt im Einsatz. { $reason }
retrain-killed = Das Training des Netzes <b>{ $kind }</b> wurde vom System beendet, vielleicht weil der Speicher nicht reichte; die bisherige Version bleibt im Einsatz.
retrain-cancelled = Das Training des Netzes <b>{ $kind }</b> wurde abgebrochen; die bisherige Version bleibt im Einsatz.
retrain-cancelling = Ich beende es.
retrain-over = Dieses Training ist schon zu Ende.
retrain-ended = { $state ->
    [promoted] Das neue Netz <b>{ $kind }</b> ist im Einsatz: { $version }
    [kept] Das Training des Netzes <b>{ $kind }</b> ist zu Ende; seine Version { $version } wird nicht eingesetzt. /versions zeigt sie.
    [interrupted] Das Training des Netzes <b>{ $kind }</b> wurde durch einen Neustart unterbrochen; die bisherige Version bleibt im Einsatz.
    [cancelled] Das Training des Netzes <b>{ $kind }</b> wurde abgebrochen; die bisherige Version bleibt im Einsatz.
   *[failed] Das Training des Netzes <b>{ $kind }</b> ist gescheitert; die bisherige Version bleibt im Einsatz.
}
retrain-learned = Korrekturen, die { $kind } jetzt richtig liest (grün): { $gained }. Noch falsch (rot): { $missed }.
retrain-mnist = MNIST
retrain-validation = Validierung
retrain-noise = Rauschen { $level }
retrain-own-noise = Störungen
retrain-held-out = gemessen
retrain-doubt = unsicher bis
retrain-speed = ms/Ziffer
button-cancel = Abbrechen
button-look = Zeigen
button-approve = Sie stimmen
button-aside = Diese beiseitelegen
button-promote = Trotzdem einsetzen
button-promote-sure = Ja, trotzdem einsetzen
promote-sure = Es hat eine Prüfung nicht bestanden. Tippe zur Bestätigung noch einmal.

versions = Versionen des Netzes <b>{ $kind }</b>, die neueste zuerst
version-line =
    { $serves ->
        [true] ● <b>{ $version }</b>, im Einsatz
       *[false] ○ <b>{ $version }</b>
    }
    { $date } · MNIST-Test { $test } %, Validierung { $validation } % · { $corrections ->
        [one] eine Korrektur
       *[other] { $corrections } Korrekturen
    } · { $by ->
        [shipped] kam mit dem Bot
        [unknown] nicht im Chat trainiert
       *[user] trainiert von { $by }
    }
version-broken = ✗ <b>{ $version }</b>: lässt sich nicht laden
version-serves = Das Netz <b>{ $kind }</b> benutzt ab dem nächsten Foto { $version }.
version-refused = Das geht nicht: Die Version ist weg, beschädigt oder gerade im Einsatz.
rollback-none = Vor dieser war keine Version von { $kind } im Einsatz.
button-serve = { $version } einsetzen
button-delete = Löschen
button-delete-sure = Ja, { $version } löschen
button-no = Nein

samples =
    Korrekturen #{ $first } bis #{ $last }; die roten werden nie zum Training benutzt, die gelben blieben beim letzten Mal weg.
    { $users }
    Zum Ausschließen: /samples exclude 12 15 oder /samples exclude user 7. „include“ lässt sie trainieren, egal was meine Prüfungen sagen.
samples-none = Es gibt keine Korrekturen.
samples-usage = Zum Beispiel: /samples, /samples exclude 12 15, /samples exclude user 7, /samples include 12.
samples-excluded = { $count ->
    [one] Eine Korrektur ist ausgeschlossen.
   *[other] { $count } Korrekturen sind ausgeschlossen.
}
samples-included = { $count ->
    [one] Eine Korrektur wird zum Training benutzt, egal was meine Prüfungen sagen.
   *[other] { $count } Korrekturen werden zum Training benutzt, egal was meine Prüfungen sagen.
}
button-older = Ältere

stats = In den letzten { $days } Tagen { $users ->
    [one] hat ein Nutzer
   *[other] haben { $users } Nutzer
} { $photos ->
    [one] ein Foto
   *[other] { $photos } Fotos
} geschickt. Als falsch gemeldet: { $share } Ziffern.
stats-worst = Am häufigsten falsch ist die { $digit }: { $share }.
stats-all-right = Keine wurde als falsch gemeldet.
stats-title = Als falsch gemeldete Ziffern / gelesene Ziffern
stats-days = { $days ->
    [one] ein Tag
   *[other] { $days } Tage
}
stats-photos = { $photos ->
    [one] ein Foto
   *[other] { $photos } Fotos
}
stats-users = { $users ->
    [one] ein Nutzer
   *[other] { $users } Nutzer
}
button-try-one = Eine Ziffer
button-try-several = Mehrere
button-try-doubt = Knifflig
taught = { $count ->
    [one] Das hast du mir beigebracht: Dank dir lese ich das jetzt als { $digits }.
   *[other] Das hast du mir beigebracht: Dank dir lese ich sie jetzt als { $digits }.
}
button-mute = Keine solchen Nachrichten mehr
muted = In Ordnung, solche Nachrichten schicke ich dir nicht mehr.
retrain-choose = Welches Netz soll ich trainieren? Es dauert je etwa { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
}; Fotos beantworte ich währenddessen. Erst wenn du tippst, geht es los.
retrain-both = Ich trainiere beide Netze nacheinander: zuerst clean, dann noisy.
retrain-used = Korrekturen: { $used } zum Training benutzt, { $measured } zum Messen zurückgehalten.
of = { $part }/{ $whole }
rollback-choose = Welches Netz soll zur Version davor zurück? Erst wenn du tippst, ändert sich etwas.
button-both = beide
samples-user = Nutzer { $teacher }: { $numbers }
share = { $few ->
    [yes] { $wrong } von { $read }
   *[no] { $percent } % von { $read }
}

# The page of the local chat itself.
page-title = { $name } · lokaler Chat
page-connecting = verbinde …
page-bot = Bot
page-typing = schreibt …
page-sending-photo = sendet ein Foto …
page-sending-file = sendet eine Datei …
page-busy = beschäftigt …
page-i-am = Ich bin
page-role-user = Nutzerin
page-role-second = noch ein Nutzer
page-role-admin = Admin
page-you-are = Du bist { $name } ({ $role }). Ändern
page-where = Ich schreibe
page-private = dem Bot
page-group = in einer Gruppe
page-language = Sprache
page-drop-hint = Zieh ein Bild hierher, füg eines ein, oder
page-choose-photos = Fotos auswählen
page-draw = Zeichnen
page-start = Starten
page-messages = Nachrichten
page-newest = Zur neuesten Nachricht
page-commands = Befehle
page-reply = Antworten
page-no-reply = Doch nicht antworten
page-message = Nachricht
page-attach = Bilder oder Dateien senden
page-draw-digits = Ziffern zeichnen
page-send = Senden
page-photos = Fotos
page-camera = Kamera
page-file-unchanged = Datei, unverändert
page-send-pictures = Bilder senden
page-send-files = Dateien senden
page-as-files = Unverändert senden, als Dateien
page-caption = Bildunterschrift
page-leave-out = { $file } weglassen
page-cancel = Abbrechen
page-close-unsent = Schließen, ohne zu senden
page-paper = Papier zum Zeichnen mit Maus, Finger oder Stift
page-discard = Diese Zeichnung verwerfen?
page-picture = Bild
page-close = Bild schließen
page-photo = Foto
page-open-photo = Foto, groß öffnen
page-file = Datei
page-edited = bearbeitet
page-answers = Antworten
page-drop = Zum Senden loslassen
page-copied = Kopiert: { $text }
page-not-sent = Nicht gesendet: { $reason }
page-not-running = der Bot läuft nicht
page-group-hint = In einer Gruppe liest der Bot ein Foto mit der Bildunterschrift /read{ $bot } oder eines, auf das du damit antwortest.
