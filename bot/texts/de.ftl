# Every sentence that a user sees, in German.

start =
    Hallo! Schick mir ein Foto handgeschriebener Ziffern, und ich sage dir, welche es sind und wie sicher ich bin.
    Kein Stift zur Hand? /draw gibt dir eine Leinwand; /help zeigt, was ein gutes Foto ausmacht.

help =
    <b>Links: ein gutes Foto. Rechts: ein schlechtes.</b>
    Schreib groß, mit dunklem Stift, und fotografiere von oben bei gleichmäßigem Licht. Bilddateien gehen auch (JPEG, PNG, WebP, HEIC, TIFF, die erste Seite eines PDFs), ebenso Alben und Sticker.

    Ich antworte mit den Ziffern und wie sicher ich bin; ein Fragezeichen heißt Zweifel. Tippe auf <i>Falsch</i>, wenn ich mich irre: Ich lerne daraus. <i>Warum?</i> zeigt, worauf ich geachtet habe.

    /draw: zeichnen statt schreiben
    /model: das Netz wählen, das für dich liest
    /language: meine Sprache wählen
    /privacy: was ich behalte
    /forget: alles löschen, was ich über dich behalte

help-admin =
    <b>Für Admins</b>
    /retrain clean, noisy oder both: die Netze trainieren
    /versions: trainierte Netze, und welches davon liest
    /rollback clean oder noisy: zurück zur Version davor
    /samples: Korrekturen der Nutzer
    /stats: wie viele Fotos, wie oft falsch

privacy =
    Dein Foto behalte ich nie: Es ist vergessen, sobald es gelesen ist.
    Ich behalte, was ich gelesen habe, wie sicher ich war und jede Ziffer als winziges Bild aus 28 × 28 Punkten, zusammen mit deiner Telegram-Nummer und deiner Wahl von Netz und Sprache.
    Deine Korrekturen dienen dazu, die Netze zu trainieren.
    /forget löscht alles davon auf einmal.

draw = Öffne dieses weiße Bild, tippe in Telegrams Editor auf den Stift, zeichne deine Ziffern groß und dunkel und schick es mir zurück.
draw-page = Oder tippe unten auf „Hier zeichnen“: Auf der Seite zeichnest du mit dem Finger.
draw-hidden = Ausgeblendet. /draw bringt den Knopf zurück.
button-draw = ✎ Hier zeichnen
button-hide = Ausblenden
mini-title = Zeichne Ziffern, groß und dunkel
mini-pen = Stift
mini-undo = Zurück
mini-wipe = Leeren
mini-read = Lesen
mini-failed = Das hat nicht geklappt. Bitte versuch es in einer Minute noch einmal, oder öffne die Seite neu aus dem Chat.

send-photo = Bitte schick mir ein Foto handgeschriebener Ziffern, als Foto oder als Bilddatei: Das kann ich lesen.
hint-typed = Das ist getippt. Schreib { $digits } von Hand, mach ein Foto davon und schick es mir.
read-usage = Bitte antworte mit /read auf ein Foto oder erwähne mich in der Bildunterschrift.
busy = Gerade kommen viele Fotos an. Deines steht in der Schlange, und die Antwort kommt.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = hallo moin servus guten grüß tag

number = { $number }
percent = { $percent } %
answer-one = <b>{ $digit }</b> · { $percent } %
answer-unsure = <b>{ $digit }</b>? · { $percent } %, oder <b>{ $other }</b> · { $other-percent } %
answer-refused = Ich sehe keine Ziffer (vielleicht <b>{ $digits }</b>?).
answer-several = <b>{ $digits }</b>
answer-least-sure = Am unsichersten: die { $digit } an { $line ->
    [0] { $place }. Stelle
   *[other] { $place }. Stelle in Zeile { $line }
} ({ $percent } %)
answer-turned = Ich habe das Foto zum Lesen gedreht.
answer-looks-turned = Das Foto scheint auf der Seite oder auf dem Kopf zu liegen. Wie soll ich es drehen?
answer-read-by = { $model ->
    [clean] Netz „clean“
    [noisy] Netz „noisy“
   *[auto] beide Netze
}
answer-gone = Diese Antwort habe ich nicht mehr. Bitte schick das Foto noch einmal.
photo-gone = Das Foto ist nicht mehr in diesem Chat. Bitte schick es noch einmal.
not-yours = Diese Knöpfe gehören dem, der gefragt hat.
button-too-old = Diese Nachricht ist so alt, dass ihre Knöpfe nicht mehr gehen. Bitte frag noch einmal.

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
button-copy = ⧉ Kopieren
button-table = Als Tabelle
button-sum = Summe
button-show = { $number } prüfen
button-else = etwas anderes
button-not-a-digit = keine Ziffer

why-caption =
    { $place ->
        [0] <b>{ $digit }</b>
       *[other] <b>{ $digit }</b> ({ $line ->
            [0] { $place }. Ziffer
           *[other] Zeile { $line }, { $place }. Ziffer
        })
    } · { $percent } %. Je wärmer die Farbe einer Stelle im rechten Bild, desto mehr hängt diese Antwort von ihr ab.
    Netz „clean“: { $clean } · { $clean-percent } %. Netz „noisy“: { $noisy } · { $noisy-percent } %.
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

bot-name = Ziffernleser
bot-description =
    Schick mir ein Foto handgeschriebener Ziffern, und ich sage dir, welche es sind und wie sicher ich bin.
    Fotos werden gelesen und vergessen, nie behalten.
bot-short-description = Ich lese handgeschriebene Ziffern von Fotos und vergesse die Fotos.

menu-help = Was ein gutes Foto ausmacht
menu-draw = Zeichnen statt schreiben
menu-model = Das Netz wählen, das für dich liest
menu-language = Meine Sprache wählen
menu-privacy = Was ich behalte
menu-forget = Alles löschen, was ich über dich behalte
menu-read = Das Foto lesen, auf das du antwortest
menu-retrain = Ein Netz trainieren
menu-versions = Trainierte Netze, und welches davon liest
menu-rollback = Zurück zur Version davor
menu-samples = Korrekturen der Nutzer
menu-stats = Wie viele Fotos, wie oft falsch

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] Für dich liest das Netz <b>clean</b>.
        [noisy] Für dich liest das Netz <b>noisy</b>.
       *[auto] <b>auto</b>: Ich frage beide Netze und folge dem, das sicherer ist.
    }
    <b>clean</b> ist das beste für gewöhnliche Fotos, <b>noisy</b> für körnige, schmutzige oder gesprenkelte Bilder, und <b>auto</b> fragt beide: das beste, wenn man es nicht weiß.
model-switched = { $model ->
    [clean] Von jetzt an liest das Netz <b>clean</b> für dich.
    [noisy] Von jetzt an liest das Netz <b>noisy</b> für dich.
   *[auto] Von jetzt an frage ich beide Netze und folge dem, das sicherer ist.
}
model-unknown = Dieses Netz kenne ich nicht. Zur Wahl stehen <b>clean</b>, <b>noisy</b> und <b>auto</b>: zum Beispiel /model noisy.

error-unreadable = Diese Datei kann ich nicht als Bild öffnen. Bitte schick ein Foto oder eine JPEG-, PNG- oder WebP-Datei.
error-too-large = Dieses Bild ist mir zu groß. Bitte schick es als Foto oder als Datei von höchstens 20 MB und 25 Megapixeln.
error-too-many = Das sind viele Fotos auf einmal. Ich nehme { $count } in der Minute: Bitte warte ein wenig und schick den Rest noch einmal.
error-no-digits = { $cause ->
    [too_dark] Das Bild ist zu dunkel, ich sehe keine Ziffer. Bitte versuch es mit mehr Licht, zum Beispiel am Fenster.
    [too_blurred] Das Bild ist zu unscharf, ich sehe keine Ziffer. Bitte halt das Telefon ruhig, bis es scharf gestellt hat.
    [printed] Ich sehe nur gedruckten Text. Bitte schreib die Ziffern von Hand.
    [no_ink] Ich sehe keine Tinte auf diesem Bild. Bitte schreib groß und mit dunklem Stift, so dass die Ziffern das Bild füllen.
   *[other] Ich sehe hier etwas, aber keine Ziffer. Bitte fotografiere handgeschriebene Ziffern von oben, ohne anderes darum herum.
}
error-unknown = Bei mir ist etwas schiefgegangen, nicht bei dir. Bitte schick es noch einmal. (Fehler { $id })
error-for-admin = Fehler { $id }: { $kind }

store-damaged = Mein Speicher war beschädigt. Er liegt als { $file } in meinem Datenordner, und ich habe einen neuen angefangen: Einstellungen, Korrekturen und unbeantwortete Fotos von vorher sind in der alten Datei.
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
feedback-thanks = Danke, ich habe es notiert.
feedback-which = Welche Ziffer ist falsch?
feedback-what-one = Ich habe eine { $digit } gelesen. Was soll es sein?
feedback-what = { $line ->
    [0] Die { $place }. Ziffer
   *[other] Zeile { $line }, { $place }. Ziffer
}: Ich habe eine { $digit } gelesen. Was soll es sein?
feedback-confirmed = <b>{ $digits }</b> · ✓ bestätigt, danke.
feedback-noted = <b>{ $digits }</b> · danke, ich habe es notiert.
feedback-nothing = Gar keine Ziffer: Danke, ich habe es notiert.

forget-ask = Soll ich alles löschen, was ich über dich behalte: was ich für dich gelesen habe, deine Korrekturen, deine Wahl von Netz und Sprache?
forget-yes = Alles gelöscht. Ich kenne dich nicht mehr.
forget-no = Ich habe nichts gelöscht.
button-forget-yes = Ja, alles löschen

retrain-usage = Welches Netz? /retrain clean, /retrain noisy oder /retrain both. Mit „full“ dahinter beginnt das Training bei null und dauert eine Stunde oder länger.
retrain-running = Ein Training des Netzes { $kind } läuft schon.
retrain-start =
    { $how ->
        [full] Ich trainiere das Netz <b>{ $kind }</b> von Grund auf.
       *[finetune] Ich trainiere das Netz <b>{ $kind }</b> weiter, ausgehend von der Version, die gerade liest.
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
    { $bar } { $percent } %
    Runde { $epoch } von { $epochs }, Verlust { $loss }, Validierung { $accuracy }
    { $minutes ->
        [0] noch weniger als eine Minute
        [one] noch etwa eine Minute
       *[other] noch etwa { $minutes } Minuten
    }
retrain-promoted = Das neue Netz <b>{ $kind }</b> liest ab dem nächsten Foto: { $version }
retrain-kept = Das neue Netz <b>{ $kind }</b> wird nicht eingesetzt. { $test ->
    [validation] Es liest die Validierungsziffern schlechter als das bisherige.
    [noise] Es liest schlechter als das bisherige bei dem Rauschen, für das es da ist: { $kind ->
        [clean] unscharfe, dünne, dicke, gedrehte, schräge, kleine oder verschobene Ziffern.
       *[noisy] Salz und Pfeffer.
    }
    [held-out] Es liest die beiseitegelegten Korrekturen nicht besser als das bisherige.
    [nothing] Es hat nichts gelernt: Es liest weder die Korrekturen noch die Validierungsziffern besser als das bisherige.
   *[load] Es lässt sich nicht laden oder antwortet anders als im Training.
} ({ $version })
retrain-pattern = { $count } von { $all } Korrekturen, von { $users } Nutzern, sagen über eine { $was }, sie sei { $to ->
    [none] keine Ziffer
   *[other] eine { $to }
}. Sieh dir /samples an: So sieht es aus, wenn sich Leute absprechen, um mich in die Irre zu führen.
retrain-aside = { $count ->
    [one] Eine Korrektur ist beiseitegelegt.
   *[other] { $count } Korrekturen sind beiseitegelegt.
} Dieses Training hat noch mit ihnen begonnen: Brich es ab und starte es neu. /samples include nimmt sie wieder auf.
retrain-distrusted = { $count ->
    [one] Eine Korrektur wurde
   *[other] { $count } Korrekturen wurden
} nicht benutzt: Da steht deutlich etwas anderes, oder mit ihnen würde ich gewöhnliche Ziffern falsch lesen. /samples zeigt alle.
retrain-failed = Das Training des Netzes <b>{ $kind }</b> ist gescheitert; das bisherige liest weiter. { $reason }
retrain-killed = Das Training des Netzes <b>{ $kind }</b> wurde abgewürgt, vielleicht weil der Speicher ausging; das bisherige liest weiter.
retrain-cancelled = Das Training des Netzes <b>{ $kind }</b> wurde abgebrochen; das bisherige liest weiter.
retrain-cancelling = Ich beende es.
retrain-over = Dieses Training ist schon zu Ende.
retrain-untold = { $state ->
    [promoted] Das neue Netz <b>{ $kind }</b> liest: { $version }
    [kept] Das Training des Netzes <b>{ $kind }</b> ist zu Ende; seine Version { $version } wird nicht eingesetzt. /versions zeigt sie.
    [interrupted] Das Training des Netzes <b>{ $kind }</b> wurde durch einen Neustart unterbrochen; das bisherige liest weiter.
    [cancelled] Das Training des Netzes <b>{ $kind }</b> wurde abgebrochen; das bisherige liest weiter.
   *[failed] Das Training des Netzes <b>{ $kind }</b> ist gescheitert; das bisherige liest weiter.
}
retrain-learned = Korrekturen, die { $kind } jetzt richtig liest (grün): { $gained }. Noch falsch (rot): { $missed }.
retrain-mnist = MNIST-Test
retrain-validation = Validierung
retrain-noise = Rauschen { $level }
retrain-own-noise = eigenes Rauschen
retrain-held-out = beiseite ({ $count })
retrain-doubt = Zweifel unter
retrain-speed = ms je Ziffer
button-cancel = Abbrechen
button-aside = Diese beiseitelegen
button-promote = Trotzdem einsetzen
button-promote-sure = Ja, trotzdem einsetzen
promote-sure = Es hat eine Prüfung nicht bestanden. Tippe noch einmal, wenn du sicher bist.

versions = Versionen des Netzes <b>{ $kind }</b>, die neueste zuerst
version-line =
    { $serves ->
        [true] ● <b>{ $version }</b>, liest
       *[false] ○ <b>{ $version }</b>
    }
    { $date } · MNIST-Test { $test } %, Validierung { $validation } % · { $corrections ->
        [one] eine Korrektur
       *[other] { $corrections } Korrekturen
    } · { $by ->
        [shipped] kam mit dem Bot
        [unknown] nicht im Chat trainiert
       *[user] trainiert von { $by }
    }
version-broken = ✗ <b>{ $version }</b>: lässt sich nicht laden
version-serves = Das Netz <b>{ $kind }</b> liest ab dem nächsten Foto mit { $version }.
version-refused = Das geht nicht: Die Version ist weg oder beschädigt, oder sie liest gerade.
rollback-usage = Welches Netz? /rollback clean oder /rollback noisy.
rollback-none = Vor dieser hat keine Version von { $kind } gelesen.
button-serve = { $version } einsetzen
button-delete = Löschen
button-delete-sure = Ja, { $version } löschen
button-no = Nein

samples =
    Korrekturen #{ $first } bis #{ $last }; die roten trainieren nie.
    { $users }
    /samples exclude 12 15 oder /samples exclude user 7 legt sie beiseite, „include“ nimmt sie zurück.
samples-none = Es gibt keine Korrekturen.
samples-usage = Zum Beispiel: /samples, /samples exclude 12 15, /samples exclude user 7, /samples include 12.
samples-excluded = { $count ->
    [one] Eine Korrektur ist beiseitegelegt.
   *[other] { $count } Korrekturen sind beiseitegelegt.
}
samples-included = { $count ->
    [one] Eine Korrektur darf wieder trainieren.
   *[other] { $count } Korrekturen dürfen wieder trainieren.
}
button-older = Ältere

stats = In den letzten { $days } Tagen { $users ->
    [one] hat ein Nutzer
   *[other] haben { $users } Nutzer
} { $photos ->
    [one] ein Foto
   *[other] { $photos } Fotos
} geschickt, und von { $digits } Ziffern wurden { $percent } % als falsch gemeldet.
stats-worst = Am häufigsten falsch ist die { $digit }: { $percent } % von { $read }.
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
