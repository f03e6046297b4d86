# Every sentence that a user sees, in Spanish.

start =
    ¡Hola! Envíame una foto de dígitos escritos a mano y te digo cuáles son y hasta qué punto estoy seguro.
    ¿No tienes un bolígrafo a mano? Dibuja con /draw o toca un ejemplo aquí abajo. /help muestra cómo es una buena foto.

help =
    <b>A la izquierda, una buena foto. A la derecha, una mala.</b>
    Escribe grande, con un bolígrafo oscuro, y haz la foto desde arriba con luz uniforme. También sirven archivos (JPEG, PNG, WebP, HEIC, TIFF, página 1 de un PDF), álbumes y stickers.

    Te digo los dígitos y hasta qué punto estoy seguro; «?» significa que dudo del dígito anterior. Si me equivoco, toca <i>Incorrecto</i>: aprendo de ello. <i>¿Por qué?</i> muestra en qué me fijé.

    /draw: dibujar en vez de escribir
    /model: elegir la red que lee para ti
    /language: elegir mi idioma
    /privacy: qué guardo
    /forget: borrar todo lo que guardo sobre ti

    <b>En grupos</b>: envía una foto con el pie /read{ $bot }, responde a una foto con /read{ $bot } o responde con una foto a un mensaje mío. Una simple @mención solo me llega si mi dueño ha desactivado el modo de privacidad (@BotFather, /setprivacy).

help-admin =
    <b>Para administradores</b>
    /retrain clean, noisy o both: entrenar las redes
    /versions: redes entrenadas y cuál está en uso
    /rollback clean o noisy: volver a la versión anterior
    /samples: correcciones de los usuarios
    /stats: cuántas fotos y cuántos errores

privacy =
    Nunca guardo tu foto: la olvido en cuanto la he leído.
    Guardo lo que leí, hasta qué punto estaba seguro y una imagen diminuta (28 × 28 píxeles) de cada dígito, junto con tu ID de Telegram (no tu número de teléfono) y la red y el idioma que elegiste.
    Tus correcciones sirven para entrenar las redes.
    Borro las imágenes de los dígitos que no corregiste al cabo de { $glyphs ->
        [one] un día
       *[other] { $glyphs } días
    }, y todo lo demás al cabo de { $days ->
        [one] un día
       *[other] { $days } días
    }.
    /forget lo borra todo de una vez.

draw = Abre esta imagen blanca, toca el lápiz en el editor de Telegram, dibuja dígitos grandes y oscuros y devuélvemela.
draw-page = O toca abajo «Dibujar aquí»: en esa página puedes dibujar con el dedo.
button-draw = ✎ Dibujar aquí
mini-title = Dibuja dígitos grandes y oscuros
mini-pen = Lápiz
mini-undo = Deshacer
mini-wipe = Borrar
mini-read = Leer
mini-failed = No ha funcionado. Por favor, inténtalo de nuevo en un minuto o abre la página otra vez desde el chat.

send-photo = Envíame dígitos escritos a mano, como foto o como archivo, y los leo.
unknown-command = No conozco este comando. /help muestra lo que sé hacer.
hint-typed = Eso está escrito con el teclado, y yo solo leo lo escrito a mano. Escribe { $digits } a mano, haz una foto y envíamela.
read-usage = Por favor, responde a una foto con /read{ $bot }, o envía una foto con /read{ $bot } como pie.
guest-usage = Mencióname ({ $bot }) en el pie de una foto, o en una respuesta a una foto, y la leeré.
busy = Ahora mismo llegan muchas fotos. La tuya está en la cola; pronto tendrás respuesta.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = hola buenas buenos saludos

number = { $number }
percent = { $percent } %
answer-one = <b>{ $digit }</b> · { $percent } %
answer-unsure = <b>{ $digit }</b>? · { $percent } %, o <b>{ $other }</b> · { $other-percent } %
answer-refused = No veo ningún dígito (¿quizá <b>{ $digits }</b>?).
answer-several = <b>{ $digits }</b>
answer-least-sure = El menos seguro: el { $digit } en { $line ->
    [0] la { $place }.ª posición
   *[other] la { $place }.ª posición de la línea { $line }
} ({ $percent } %)
answer-turned = He girado la foto para leerla.
answer-looks-turned = Parece que la foto está de lado o al revés. ¿Hacia dónde la giro?
answer-read-by = { $model ->
    [clean] red clean
    [noisy] red noisy
   *[auto] las dos redes
}
answer-gone = Ya no tengo esta respuesta. Por favor, envía la foto otra vez.
photo-gone = La foto ya no está en este chat. Por favor, envíala otra vez.
not-yours = Estos botones son para quien preguntó.
button-too-old = Este mensaje es demasiado antiguo y sus botones ya no funcionan. Por favor, pregunta otra vez.

sum-of = Las { $count } líneas suman { $total }.
sum-unsure = Sin garantía: en algunos dígitos tengo dudas.

button-right = ✓ Correcto
button-wrong = ✗ Incorrecto
button-why = ¿Por qué?
button-turn-left = ↺ izquierda
button-turn-right = derecha ↻
button-turn-half = 180°
button-turn-none = leer tal como está
button-back = ‹ Volver
button-copy = Copiar
button-table = Como tabla
button-sum = Sumar las líneas
button-show = Revisar foto { $number }
button-else = otra cosa
button-not-a-digit = no es un dígito

why-caption =
    { $place ->
        [0] <b>{ $digit }</b>
       *[other] <b>{ $digit }</b> ({ $line ->
            [0] { $place }.º dígito
           *[other] línea { $line }, { $place }.º dígito
        })
    } · { $percent } %. Cuanto más cálido es el color de un punto en la imagen de la derecha, más depende de él esta respuesta.
    Red clean: { $clean } · { $clean-percent } %. Red noisy: { $noisy } · { $noisy-percent } %.
    Versión: { $version }
why-changed = Desde entonces está en uso otra versión, y ve otros dígitos en esta foto. Por favor, envía la foto otra vez.
why-photo = Tu foto
why-glyph = Lo que vi
why-heat = Lo que importó
why-probabilities = ¿Qué probabilidad tiene cada dígito?
why-clean = Red clean
why-noisy = Red noisy

language-name = Español
language-choose = ¿Qué idioma quieres que hable?
language-switched = Ahora hablo español.

bot-description =
    Envíame una foto de dígitos escritos a mano y te digo cuáles son y hasta qué punto estoy seguro.
    Leo las fotos y las olvido, nunca las guardo.
bot-short-description = Leo dígitos escritos a mano en fotos, y olvido las fotos.

menu-help = Cómo es una buena foto
menu-draw = Dibujar en vez de escribir
menu-model = Elegir la red que lee para ti
menu-language = Elegir mi idioma
menu-privacy = Qué guardo
menu-forget = Borrar todo lo que guardo sobre ti
menu-read = Leer la foto a la que respondes
menu-retrain = Entrenar una red
menu-versions = Redes entrenadas y cuál está en uso
menu-rollback = Volver a la versión anterior
menu-samples = Correcciones de los usuarios
menu-stats = Cuántas fotos y cuántos errores

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] Para ti lee la red <b>clean</b>.
        [noisy] Para ti lee la red <b>noisy</b>.
       *[auto] <b>auto</b>: pregunto a las dos redes y me quedo con la más segura.
    }
    <b>clean</b> es la mejor para fotos corrientes, <b>noisy</b> para imágenes con grano, sucias o moteadas, y <b>auto</b> pregunta a las dos: lo mejor si tienes dudas.
model-switched = { $model ->
    [clean] Desde ahora lee para ti la red <b>clean</b>.
    [noisy] Desde ahora lee para ti la red <b>noisy</b>.
   *[auto] Desde ahora pregunto a las dos redes y me quedo con la más segura.
}
model-unknown = No conozco esa red. Puedes elegir <b>clean</b>, <b>noisy</b> o <b>auto</b>: por ejemplo, /model noisy.

error-unreadable = No puedo abrir este archivo como imagen. Por favor, envía una foto o un archivo JPEG, PNG o WebP.
error-too-large = Esta imagen es demasiado grande para mí. Por favor, envíala como foto o como archivo de 20 MB y 12 megapíxeles como máximo.
error-not-received = Esta imagen no me ha llegado a tiempo. Por favor, envíala otra vez.
error-too-many = No he leído esta foto ni las que enviaste justo después: acepto { $count } por minuto. Por favor, envíalas otra vez dentro de { $seconds ->
    [one] un segundo
   *[other] { $seconds } segundos
}.
error-no-digits = { $cause ->
    [too_dark] La imagen es demasiado oscura y no veo ningún dígito. Por favor, inténtalo con más luz, junto a una ventana por ejemplo.
    [too_blurred] La imagen está demasiado borrosa y no veo ningún dígito. Por favor, mantén quieto el teléfono hasta que enfoque.
    [printed] Solo veo texto impreso. Por favor, escribe los dígitos a mano.
    [crowded] En esta imagen hay demasiadas marcas y no encuentro dígitos entre ellas. Por favor, fotografía solo los dígitos, más de cerca y en papel liso.
    [no_ink] No veo tinta en esta imagen. Por favor, escribe grande, con un bolígrafo oscuro, para que los dígitos llenen la imagen.
   *[other] Veo algo aquí, pero ningún dígito. Por favor, fotografía dígitos escritos a mano desde arriba, sin nada más alrededor.
}
error-unknown = Algo ha fallado por mi lado, no por el tuyo. Por favor, envíalo otra vez. (Error { $id })
error-for-admin = Error { $id }: { $kind }

store-damaged = Mi base de datos estaba dañada. La guardé como { $file } en mi carpeta de datos y empecé una nueva: los ajustes, las correcciones y las fotos sin responder de antes están en el archivo viejo.
pointer-damaged = El archivo que dice qué versión de { $kind } está en uso estaba dañado. Lo guardé como { $file }, y ahora está en uso { $version }. Puedes elegir otra con /versions.
version-damaged = La versión { $version } de { $kind } está dañada, así que está en uso { $serving }.
tables-missing = Faltaban tablas en mi base de datos: { $tables }. Ya están otra vez, pero vacías; lo que tenían está en una copia de seguridad.
data-deleted = Borraron mi carpeta de datos mientras yo funcionaba. La volví a crear con la base de datos; las versiones entrenadas aquí se perdieron, salvo que tengas una copia de seguridad.
updates-damaged = { $count ->
    [one] Un mensaje de mi base de datos estaba dañado y se queda sin respuesta.
   *[other] { $count } mensajes de mi base de datos estaban dañados y se quedan sin respuesta.
}

only-admins = Esto solo puede hacerlo un administrador.

feedback-right = ¡Gracias! Es bueno saberlo.
feedback-thanks = Gracias, lo he anotado.
feedback-which = ¿Qué dígito es incorrecto?
feedback-what-one = He leído un { $digit }. ¿Qué es en realidad?
feedback-what = { $line ->
    [0] El { $place }.º dígito
   *[other] Línea { $line }, { $place }.º dígito
}: he leído un { $digit }. ¿Qué es en realidad?
feedback-confirmed = <b>{ $digits }</b> · ✓ confirmado, gracias.
feedback-noted = <b>{ $digits }</b> · gracias, lo he anotado.
feedback-nothing = Ningún dígito: gracias, lo he anotado.

forget-ask = ¿Borro todo lo que guardo sobre ti: lo que leí para ti, tus correcciones, tu elección de red y de idioma?
forget-yes = Listo, todo borrado.
forget-no = No he borrado nada.
button-forget-yes = Sí, borrar todo

retrain-usage = ¿Qué red? /retrain clean, /retrain noisy o /retrain both. Con «full» detrás, el entrenamiento empieza de cero y dura una hora o más.
retrain-running = La red { $kind } ya se está entrenando.
retrain-no-worker = No hay ningún worker en marcha: el entrenamiento empezará en cuanto se inicie uno (python -m bot.worker).
retrain-start =
    { $how ->
        [full] Estoy entrenando la red <b>{ $kind }</b> desde cero.
       *[finetune] Sigo entrenando la red <b>{ $kind }</b> a partir de la versión en uso.
    } { $corrections ->
        [0] No hay correcciones de las que aprender.
        [one] Aprende de una corrección, si es creíble.
       *[other] Aprende de { $corrections } correcciones, si son creíbles.
    } Tarda { $minutes ->
        [one] un minuto
       *[other] unos { $minutes } minutos
    }; mientras tanto respondo a las fotos.
retrain-progress =
    Entrenamiento de la red <b>{ $kind }</b>
    { $bar } { $percent } %
    Época { $epoch } de { $epochs }
    pérdida { $loss }, validación { $accuracy }
    { $minutes ->
        [-1] calculando cuánto falta…
        [0] falta menos de un minuto
        [one] falta un minuto más o menos
       *[other] faltan unos { $minutes } minutos
    }
retrain-promoted = La nueva red <b>{ $kind }</b> está en uso desde la próxima foto: { $version }
retrain-kept = La nueva red <b>{ $kind }</b> no se usa. { $test ->
    [validation] Lee peor que la anterior los dígitos de validación.
    [noise] Lee peor que la anterior con su propio ruido: { $kind ->
        [clean] dígitos borrosos, finos, gruesos, girados, inclinados, pequeños o desplazados.
       *[noisy] sal y pimienta.
    }
    [held-out] No lee mejor que la anterior las correcciones apartadas.
    [nothing] No ha aprendido nada: no lee mejor que la anterior ni las correcciones ni los dígitos de validación.
   *[load] No se puede cargar o responde de otro modo que en el entrenamiento.
} ({ $version })
retrain-pattern = { $count } de { $all } correcciones, de { $users } usuarios, dicen de un { $was } que { $to ->
    [none] no es un dígito
   *[other] es un { $to }
}. Míralas: así se ve cuando varias personas se ponen de acuerdo para engañarme.
retrain-aside = { $count ->
    [one] Una corrección queda apartada.
   *[other] { $count } correcciones quedan apartadas.
} Este entrenamiento empezó con ellas: cancélalo y empieza otra vez. /samples include las recupera.
left-out = { $sign } sin usar, porque { $reason ->
    [contradicted] ahí hay claramente otra cosa
    [harmful] con ellas leería mal dígitos corrientes
   *[too_many] ya hay bastantes del mismo usuario
}: { $count }
retrain-failed = El entrenamiento de la red <b>{ $kind }</b> falló; la versión anterior sigue en uso. { $reason }
retrain-killed = El sistema interrumpió el entrenamiento de la red <b>{ $kind }</b>, quizá por falta de memoria; la versión anterior sigue en uso.
retrain-cancelled = El entrenamiento de la red <b>{ $kind }</b> se canceló; la versión anterior sigue en uso.
retrain-cancelling = Lo estoy deteniendo.
retrain-over = Este entrenamiento ya terminó.
retrain-ended = { $state ->
    [promoted] La nueva red <b>{ $kind }</b> está en uso: { $version }
    [kept] El entrenamiento de la red <b>{ $kind }</b> terminó; su versión { $version } no se usa. /versions la muestra.
    [interrupted] Un reinicio interrumpió el entrenamiento de la red <b>{ $kind }</b>; la versión anterior sigue en uso.
    [cancelled] El entrenamiento de la red <b>{ $kind }</b> se canceló; la versión anterior sigue en uso.
   *[failed] El entrenamiento de la red <b>{ $kind }</b> falló; la versión anterior sigue en uso.
}
retrain-learned = Correcciones que { $kind } ya lee bien (verde): { $gained }. Todavía mal (rojo): { $missed }.
retrain-mnist = MNIST
retrain-validation = validación
retrain-noise = ruido { $level }
retrain-own-noise = su ruido
retrain-held-out = apartadas
retrain-doubt = duda hasta
retrain-speed = ms/dígito
button-cancel = Cancelar
button-look = Mostrarlas
button-approve = Son correctas
button-aside = Apartar estas
button-promote = Usar de todos modos
button-promote-sure = Sí, usarla de todos modos
promote-sure = No pasó una prueba. Toca otra vez para confirmar.

versions = Versiones de la red <b>{ $kind }</b>, primero la más nueva
version-line =
    { $serves ->
        [true] ● <b>{ $version }</b>, en uso
       *[false] ○ <b>{ $version }</b>
    }
    { $date } · prueba MNIST { $test } %, validación { $validation } % · { $corrections ->
        [one] una corrección
       *[other] { $corrections } correcciones
    } · { $by ->
        [shipped] vino con el bot
        [unknown] no entrenada desde el chat
       *[user] entrenada por { $by }
    }
version-broken = ✗ <b>{ $version }</b>: no se puede cargar
version-serves = La red <b>{ $kind }</b> usa { $version } desde la próxima foto.
version-refused = No se puede: la versión ya no existe, está dañada o está en uso.
rollback-none = Ninguna versión de { $kind } estuvo en uso antes de esta.
button-serve = Usar { $version }
button-delete = Borrar
button-delete-sure = Sí, borrar { $version }
button-no = No

samples =
    Correcciones #{ $first } a #{ $last }; las rojas nunca se usan para entrenar, las amarillas quedaron fuera la última vez.
    { $users }
    Para excluir: /samples exclude 12 15 o /samples exclude user 7. Con «include» entrenan, digan lo que digan mis pruebas.
samples-none = No hay correcciones.
samples-usage = Por ejemplo: /samples, /samples exclude 12 15, /samples exclude user 7, /samples include 12.
samples-excluded = { $count ->
    [one] Una corrección queda excluida.
   *[other] { $count } correcciones quedan excluidas.
}
samples-included = { $count ->
    [one] Una corrección se usa para entrenar, digan lo que digan mis pruebas.
   *[other] { $count } correcciones se usan para entrenar, digan lo que digan mis pruebas.
}
button-older = Anteriores

stats = En los últimos { $days } días { $users ->
    [one] un usuario envió
   *[other] { $users } usuarios enviaron
} { $photos ->
    [one] una foto
   *[other] { $photos } fotos
}. Marcados como incorrectos: { $share } dígitos.
stats-worst = El que más falla es el { $digit }: { $share }.
stats-all-right = Ninguno se marcó como incorrecto.
stats-title = Dígitos mal leídos / dígitos leídos
stats-days = { $days ->
    [one] un día
   *[other] { $days } días
}
stats-photos = { $photos ->
    [one] una foto
   *[other] { $photos } fotos
}
stats-users = { $users ->
    [one] un usuario
   *[other] { $users } usuarios
}
button-try-one = Un dígito
button-try-several = Varios
button-try-doubt = Uno difícil
taught = { $count ->
    [one] Esto me lo enseñaste tú: gracias a ti ahora lo leo como { $digits }.
   *[other] Estos me los enseñaste tú: gracias a ti ahora los leo como { $digits }.
}
button-mute = No más mensajes como este
muted = De acuerdo, no te enviaré más.
retrain-choose = ¿Qué red entreno? Cada una tarda { $minutes ->
    [one] un minuto
   *[other] unos { $minutes } minutos
}; mientras tanto respondo a las fotos. Nada empieza hasta que toques.
retrain-both = Entreno las dos redes, una después de otra: primero clean y luego noisy.
retrain-used = Correcciones: { $used } usadas para entrenar, { $measured } apartadas para medir.
of = { $part }/{ $whole }
rollback-choose = ¿Qué red vuelve a la versión anterior? Nada cambia hasta que toques.
button-both = las dos
samples-user = Usuario { $teacher }: { $numbers }
share = { $few ->
    [yes] { $wrong } de { $read }
   *[no] { $percent } % de { $read }
}

# The page of the local chat itself.
page-title = { $name } · chat local
page-connecting = conectando…
page-bot = bot
page-typing = escribiendo…
page-sending-photo = enviando una foto…
page-sending-file = enviando un archivo…
page-busy = ocupado…
page-i-am = Soy
page-role-user = usuaria
page-role-second = otro usuario
page-role-admin = administradora
page-you-are = Eres { $name } ({ $role }). Cambiar
page-where = Escribo
page-private = al bot
page-group = en un grupo
page-language = Idioma
page-drop-hint = Arrastra o pega aquí una imagen, o
page-choose-photos = Elegir fotos
page-draw = Dibujar
page-start = Empezar
page-messages = Mensajes
page-newest = Al mensaje más nuevo
page-commands = Comandos
page-reply = Responder
page-no-reply = No responder
page-message = Mensaje
page-attach = Enviar imágenes o archivos
page-draw-digits = Dibujar dígitos
page-send = Enviar
page-photos = Fotos
page-camera = Cámara
page-file-unchanged = Archivo, sin cambios
page-send-pictures = Enviar imágenes
page-send-files = Enviar archivos
page-as-files = Enviar sin cambios, como archivos
page-caption = Pie de foto
page-leave-out = Quitar { $file }
page-cancel = Cancelar
page-close-unsent = Cerrar sin enviar
page-paper = Papel para dibujar con el ratón, el dedo o un lápiz
page-discard = ¿Descartar este dibujo?
page-picture = Imagen
page-close = Cerrar la imagen
page-photo = Foto
page-open-photo = Foto, ver en grande
page-file = archivo
page-edited = editado
page-answers = Respuestas
page-drop = Suelta para enviar
page-copied = Copiado: { $text }
page-not-sent = No enviado: { $reason }
page-not-running = el bot no está en marcha
page-group-hint = En un grupo, el bot lee la foto con el pie /read{ $bot } o la foto a la que respondes así.
