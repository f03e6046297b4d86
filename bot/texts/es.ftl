# Every sentence that a user sees, in Spanish.

start =
    ¡Hola! Envíame una foto de dígitos escritos a mano y te digo cuáles son y lo seguro que estoy.
    ¿No tienes un bolígrafo? /draw te da un lienzo; /help muestra cómo es una buena foto.

help =
    <b>A la izquierda, una buena foto. A la derecha, una mala.</b>
    Escribe grande, con un bolígrafo oscuro, y haz la foto desde arriba con luz uniforme. También sirven archivos (JPEG, PNG, WebP, HEIC, TIFF, la primera página de un PDF), álbumes y stickers.

    Respondo con los dígitos y con lo seguro que estoy; un signo de interrogación es una duda. Si me equivoco, toca <i>Mal</i>: aprendo de ello. <i>¿Por qué?</i> muestra en qué me fijé.

    /draw: dibujar en vez de escribir
    /model: elegir la red que lee para ti
    /language: elegir mi idioma
    /privacy: qué guardo
    /forget: borrar todo lo que guardo sobre ti

help-admin =
    <b>Para administradores</b>
    /retrain clean, noisy o both: entrenar las redes
    /versions: redes entrenadas, y cuál lee
    /rollback clean o noisy: volver a la versión anterior
    /samples: correcciones de los usuarios
    /stats: cuántas fotos, y con cuánta frecuencia mal

privacy =
    Nunca guardo tu foto: la olvido en cuanto la he leído.
    Guardo lo que leí, lo seguro que estaba y cada dígito como una imagen diminuta de 28 × 28 puntos, junto con tu número de Telegram y la red y el idioma que elegiste.
    Tus correcciones sirven para entrenar las redes.
    /forget lo borra todo de una vez.

draw = Abre esta imagen blanca, toca el lápiz en el editor de Telegram, dibuja tus dígitos grandes y oscuros y envíamela de vuelta.

send-photo = Por favor, envíame una foto de dígitos escritos a mano, como foto o como archivo de imagen: eso es lo que sé leer.
hint-typed = Eso está tecleado. Escribe { $digits } a mano, haz una foto y envíamela.
read-usage = Por favor, responde a una foto con /read o mencióname en su pie.
busy = Ahora mismo llegan muchas fotos. La tuya está en la cola y la respuesta llegará.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = hola buenas buenos saludos

percent = { $percent } %
answer-one = <b>{ $digit }</b> · { $percent } %
answer-unsure = <b>{ $digit }</b>? · { $percent } %, o <b>{ $other }</b> · { $other-percent } %
answer-several = <b>{ $digits }</b>
answer-several-unsure = <b>{ $digits }</b>?
answer-least-sure = el { $digit }: { $percent } %
answer-read-by = <i>{ $model ->
    [clean] red clean
   *[noisy] red noisy
}, { $version }</i>
answer-gone = Ya no tengo esta respuesta. Por favor, envía la foto otra vez.
photo-gone = La foto ya no está en este chat. Por favor, envíala otra vez.
not-yours = Estos botones son de quien envió la foto.

button-right = ✓ Bien
button-wrong = ✗ Mal
button-why = ¿Por qué?
button-else = otra cosa
button-not-a-digit = no es un dígito

why-caption =
    <b>{ $digit }</b> · { $percent } %. Cuanto más cálido es un lugar en la imagen derecha, más depende de él esta respuesta.
    Red clean: { $clean } · { $clean-percent } %. Red noisy: { $noisy } · { $noisy-percent } %.
why-photo = Tu foto
why-glyph = Lo que vi
why-heat = Lo que importó
why-probabilities = ¿Qué probabilidad tiene cada dígito?
why-clean = Red clean
why-noisy = Red noisy

language-name = Español
language-choose = ¿Qué idioma quieres que hable?
language-switched = Ahora hablo español.

bot-name = Lector de dígitos
bot-description =
    Envíame una foto de dígitos escritos a mano y te digo cuáles son y lo seguro que estoy.
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
menu-versions = Redes entrenadas, y cuál lee
menu-rollback = Volver a la versión anterior
menu-samples = Correcciones de los usuarios
menu-stats = Cuántas fotos, y con cuánta frecuencia mal

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] Para ti lee la red <b>clean</b>.
        [noisy] Para ti lee la red <b>noisy</b>.
       *[auto] <b>auto</b>: para cada foto elijo la red que le conviene.
    }
    <b>clean</b> es la mejor para fotos corrientes, <b>noisy</b> para imágenes con grano, sucias o moteadas, y <b>auto</b> elige sola.
model-switched = { $model ->
    [clean] Desde ahora lee para ti la red <b>clean</b>.
    [noisy] Desde ahora lee para ti la red <b>noisy</b>.
   *[auto] Desde ahora elijo para cada foto la red que le conviene.
}
model-unknown = No conozco esa red. Puedes elegir <b>clean</b>, <b>noisy</b> o <b>auto</b>: por ejemplo, /model noisy.

error-unreadable = No puedo abrir este archivo como imagen. Por favor, envía una foto o un archivo JPEG, PNG o WebP.
error-too-large = Esta imagen es demasiado grande para mí. Por favor, envíala como foto o como archivo de 20 MB como máximo.
error-no-digits = { $cause ->
    [too_dark] La imagen es demasiado oscura, no veo ningún dígito. Por favor, inténtalo con más luz, junto a una ventana por ejemplo.
    [too_blurred] La imagen está demasiado borrosa, no veo ningún dígito. Por favor, mantén quieto el teléfono hasta que enfoque.
    [printed] Solo veo texto impreso. Por favor, escribe los dígitos a mano.
    [no_ink] No veo tinta en esta imagen. Por favor, escribe grande, con un bolígrafo oscuro, para que los dígitos llenen la imagen.
   *[other] Veo algo aquí, pero ningún dígito. Por favor, fotografía dígitos escritos a mano desde arriba, sin nada más alrededor.
}
error-unknown = Algo ha fallado en mi lado, no en el tuyo. Por favor, envíalo otra vez. (Error { $id })
error-for-admin = Error { $id }: { $kind }

only-admins = Esto solo puede hacerlo un administrador.
