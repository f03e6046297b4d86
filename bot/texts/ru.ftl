# Every sentence that a user sees, in Russian.

start =
    Здравствуйте! Пришлите мне фото рукописных цифр, и я скажу, какие они и насколько я уверен.
    Нет ручки под рукой? /draw даст вам холст; /help покажет, каким должно быть хорошее фото.

help =
    <b>Слева хорошее фото, справа плохое.</b>
    Пишите крупно, тёмной ручкой, и снимайте сверху при ровном свете. Подойдут и файлы (JPEG, PNG, WebP, HEIC, TIFF, первая страница PDF), и альбомы, и стикеры.

    Я отвечаю цифрами и тем, насколько уверен; вопросительный знак означает сомнение. Если я ошибся, нажмите <i>Неверно</i>: я учусь на этом. <i>Почему?</i> покажет, на что я смотрел.

    /draw: рисовать вместо письма
    /model: выбрать сеть, которая для вас читает
    /language: выбрать мой язык
    /privacy: что я храню
    /forget: удалить всё, что я о вас храню

help-admin =
    <b>Для администраторов</b>
    /retrain clean, noisy или both: обучить сети
    /versions: обученные сети, и какая из них читает
    /rollback clean или noisy: вернуться к прежней версии
    /samples: исправления пользователей
    /stats: сколько фото и как часто неверно

privacy =
    Ваше фото я никогда не храню: оно забыто, как только прочитано.
    Я храню то, что прочитал, насколько был уверен, и каждую цифру как крошечную картинку из 28 × 28 точек, вместе с вашим номером в Telegram и выбором сети и языка.
    Ваши исправления служат для обучения сетей.
    /forget удалит всё это разом.

draw = Откройте эту белую картинку, нажмите на карандаш в редакторе Telegram, нарисуйте цифры крупно и темно и пришлите её мне обратно.
draw-page = Или нажмите внизу «Рисовать здесь»: на той странице можно рисовать пальцем.
draw-hidden = Скрыто. /draw вернёт кнопку.
button-draw = ✎ Рисовать здесь
button-hide = Скрыть
mini-title = Нарисуйте цифры, крупно и темно
mini-pen = Перо
mini-undo = Назад
mini-wipe = Стереть
mini-read = Читать
mini-failed = Не получилось. Пожалуйста, попробуйте ещё раз через минуту или откройте страницу из чата заново.

send-photo = Пожалуйста, пришлите мне фото рукописных цифр, как фото или как файл: это я умею читать.
hint-typed = Это напечатано. Напишите { $digits } от руки, сфотографируйте и пришлите мне.
read-usage = Пожалуйста, ответьте на фото командой /read или упомяните меня в подписи к фото.
busy = Сейчас приходит много фото. Ваше стоит в очереди, и ответ придёт.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = привет здравствуй здравствуйте добрый доброе начать

number = { $number }
percent = { $percent } %
answer-one = <b>{ $digit }</b> · { $percent } %
answer-unsure = <b>{ $digit }</b>? · { $percent } %, или <b>{ $other }</b> · { $other-percent } %
answer-refused = Не вижу цифры (возможно, <b>{ $digits }</b>?).
answer-several = <b>{ $digits }</b>
answer-least-sure = Меньше всего уверен в цифре { $digit } { $line ->
    [0] на { $place }-м месте
   *[other] в строке { $line } на { $place }-м месте
} ({ $percent } %)
answer-turned = Я повернул фото, чтобы прочитать его.
answer-looks-turned = Похоже, фото лежит на боку или вверх ногами. Куда его повернуть?
answer-read-by = { $model ->
    [clean] нейросеть clean
    [noisy] нейросеть noisy
   *[auto] обе нейросети
}
answer-gone = Этого ответа у меня больше нет. Пожалуйста, пришлите фото ещё раз.
photo-gone = Этого фото больше нет в чате. Пожалуйста, пришлите его ещё раз.
not-yours = Эти кнопки для того, кто спросил.
button-too-old = Это сообщение такое старое, что его кнопки уже не работают. Пожалуйста, попросите ещё раз.

sum-of = Сумма по строкам ({ $count }): { $total }.
sum-unsure = Сумма может быть неточной: в некоторых цифрах я не уверен.

button-right = ✓ Верно
button-wrong = ✗ Неверно
button-why = Почему?
button-turn-left = ↺ влево
button-turn-right = вправо ↻
button-turn-half = 180°
button-turn-none = читать как есть
button-back = ‹ Назад
button-copy = ⧉ Копировать
button-table = Таблица
button-sum = Сумма
button-show = Проверить { $number }
button-else = другое
button-not-a-digit = не цифра

why-caption =
    { $place ->
        [0] <b>{ $digit }</b>
       *[other] <b>{ $digit }</b> ({ $line ->
            [0] { $place }-я цифра
           *[other] строка { $line }, { $place }-я цифра
        })
    } · { $percent } %. Чем теплее цвет на правой картинке, тем больше этот ответ зависит от этого места.
    Нейросеть clean: { $clean } · { $clean-percent } %. Нейросеть noisy: { $noisy } · { $noisy-percent } %.
    Версия: { $version }
why-changed = С тех пор работает другая версия, и она видит на этом фото другие цифры. Пожалуйста, пришлите фото ещё раз.
why-photo = Ваше фото
why-glyph = Что я видел
why-heat = Что решило
why-probabilities = Насколько вероятна каждая цифра?
why-clean = Сеть clean
why-noisy = Сеть noisy

language-name = Русский
language-choose = На каком языке мне говорить?
language-switched = Теперь я говорю по-русски.

bot-name = Чтец цифр
bot-description =
    Пришлите мне фото рукописных цифр, и я скажу, какие они и насколько я уверен.
    Фото я читаю и забываю, но никогда не храню.
bot-short-description = Читаю рукописные цифры с фото и забываю эти фото.

menu-help = Каким должно быть хорошее фото
menu-draw = Рисовать вместо письма
menu-model = Выбрать сеть, которая для вас читает
menu-language = Выбрать мой язык
menu-privacy = Что я храню
menu-forget = Удалить всё, что я о вас храню
menu-read = Прочитать фото, на которое вы отвечаете
menu-retrain = Обучить сеть
menu-versions = Обученные сети, и какая из них читает
menu-rollback = Вернуться к прежней версии
menu-samples = Исправления пользователей
menu-stats = Сколько фото и как часто неверно

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] Для вас читает сеть <b>clean</b>.
        [noisy] Для вас читает сеть <b>noisy</b>.
       *[auto] <b>auto</b>: я спрашиваю обе сети и слушаю ту, что увереннее.
    }
    <b>clean</b> лучше всего для обычных фото, <b>noisy</b> для зернистых, грязных или пятнистых, а <b>auto</b> спрашивает обе: это лучше всего, если не знаете.
model-switched = { $model ->
    [clean] Теперь для вас читает сеть <b>clean</b>.
    [noisy] Теперь для вас читает сеть <b>noisy</b>.
   *[auto] Теперь я спрашиваю обе сети и слушаю ту, что увереннее.
}
model-unknown = Такой сети я не знаю. Есть <b>clean</b>, <b>noisy</b> и <b>auto</b>: например, /model noisy.

error-unreadable = Я не могу открыть этот файл как картинку. Пожалуйста, пришлите фото или файл JPEG, PNG или WebP.
error-too-large = Эта картинка слишком велика для меня. Пожалуйста, пришлите её как фото или как файл не больше 20 МБ и 25 мегапикселей.
error-too-many = Это много фото сразу. Я принимаю { $count } в минуту: пожалуйста, подождите немного и пришлите остальные ещё раз.
error-no-digits = { $cause ->
    [too_dark] Фото слишком тёмное, я не вижу цифр. Пожалуйста, попробуйте при лучшем свете, например у окна.
    [too_blurred] Фото слишком размыто, я не вижу цифр. Пожалуйста, держите телефон неподвижно, пока он не наведётся на резкость.
    [printed] Я вижу только печатный текст. Пожалуйста, напишите цифры от руки.
    [no_ink] Я не вижу чернил на этом фото. Пожалуйста, пишите крупно, тёмной ручкой, чтобы цифры заполняли снимок.
   *[other] Я что-то вижу, но это не цифры. Пожалуйста, сфотографируйте рукописные цифры сверху, без ничего вокруг.
}
error-unknown = Что-то пошло не так у меня, а не у вас. Пожалуйста, пришлите ещё раз. (Ошибка { $id })
error-for-admin = Ошибка { $id }: { $kind }

store-damaged = Моё хранилище было повреждено. Оно сохранено как { $file } в моей папке данных, и я начал новое: прежние настройки, исправления и фото без ответа остались в старом файле.

only-admins = Это может только администратор.

feedback-right = Спасибо! Буду знать.
feedback-thanks = Спасибо, я это записал.
feedback-which = Какая цифра неверна?
feedback-what-one = Я прочитал { $digit }. Что там на самом деле?
feedback-what = { $line ->
    [0] { $place }-я цифра
   *[other] Строка { $line }, { $place }-я цифра
}: я прочитал { $digit }. Что там на самом деле?
feedback-confirmed = <b>{ $digits }</b> · ✓ подтверждено, спасибо.
feedback-noted = <b>{ $digits }</b> · спасибо, я это записал.
feedback-nothing = Цифр здесь нет: спасибо, я это записал.

forget-ask = Удалить всё, что я о вас храню: что я для вас прочитал, ваши исправления, выбор сети и языка?
forget-yes = Всё удалено. Я вас больше не знаю.
forget-no = Я ничего не удалил.
button-forget-yes = Да, удалить всё

retrain-usage = Какую сеть? /retrain clean, /retrain noisy или /retrain both. С «full» в конце обучение начинается с нуля и длится час или больше.
retrain-running = Обучение сети { $kind } уже идёт.
retrain-start =
    { $how ->
        [full] Обучаю сеть <b>{ $kind }</b> с нуля.
       *[finetune] Дообучаю сеть <b>{ $kind }</b>, начиная с версии, которая работает.
    } { $corrections ->
        [0] Исправлений для обучения нет.
        [one] Она учится на { $corrections } исправлении, если оно правдоподобно.
        [few] Она учится на { $corrections } исправлениях, если они правдоподобны.
       *[other] Она учится на { $corrections } исправлениях, если они правдоподобны.
    } Это займёт около { $minutes ->
        [one] { $minutes } минуты
       *[other] { $minutes } минут
    }; на фото я отвечаю и в это время.
retrain-progress =
    Обучение сети <b>{ $kind }</b>
    { $bar } { $percent } %
    Круг { $epoch } из { $epochs }, потери { $loss }, проверка { $accuracy }
    { $minutes ->
        [0] осталось меньше минуты
        [one] осталась примерно { $minutes } минута
        [few] осталось примерно { $minutes } минуты
       *[other] осталось примерно { $minutes } минут
    }
retrain-promoted = Со следующего фото читает новая сеть <b>{ $kind }</b>: { $version }
retrain-kept = Новая сеть <b>{ $kind }</b> не заменила прежнюю. { $test ->
    [validation] Она хуже прежней читает проверочные цифры.
    [noise] Она хуже прежней читает при том шуме, для которого она создана: { $kind ->
        [clean] размытые, тонкие, толстые, повёрнутые, наклонные, мелкие или сдвинутые цифры.
       *[noisy] соль и перец.
    }
    [held-out] Она не лучше прежней читает отложенные исправления.
   *[load] Она не загружается или отвечает не так, как при обучении.
} ({ $version })
retrain-failed = Обучение сети <b>{ $kind }</b> не удалось; прежняя читает дальше. { $reason }
retrain-killed = Обучение сети <b>{ $kind }</b> прервала система, возможно, не хватило памяти; прежняя читает дальше.
retrain-cancelled = Обучение сети <b>{ $kind }</b> отменено; прежняя читает дальше.
retrain-cancelling = Завершаю.
retrain-over = Это обучение уже закончилось.
retrain-untold = { $state ->
    [promoted] Работает новая сеть <b>{ $kind }</b>: { $version }
    [kept] Обучение сети <b>{ $kind }</b> закончилось; её версия { $version } не работает. Её покажет /versions.
    [interrupted] Обучение сети <b>{ $kind }</b> прервал перезапуск; прежняя читает дальше.
    [cancelled] Обучение сети <b>{ $kind }</b> отменено; прежняя читает дальше.
   *[failed] Обучение сети <b>{ $kind }</b> не удалось; прежняя читает дальше.
}
retrain-learned = Исправления, которые { $kind } теперь читает верно (зелёные): { $gained }. Ещё неверно (красные): { $missed }.
retrain-mnist = тест MNIST
retrain-validation = проверка
retrain-noise = шум { $level }
retrain-own-noise = свой шум
retrain-held-out = отложено ({ $count })
retrain-doubt = сомнение ниже
retrain-speed = мс на цифру
button-cancel = Отменить
button-promote = Всё равно включить
button-promote-sure = Да, всё равно включить
promote-sure = Она не прошла проверку. Нажмите ещё раз, если уверены.

versions = Версии сети <b>{ $kind }</b>, сначала новые
version-line =
    { $serves ->
        [true] ● <b>{ $version }</b>, работает
       *[false] ○ <b>{ $version }</b>
    }
    { $date } · тест MNIST { $test } %, проверка { $validation } % · исправлений: { $corrections } · { $by ->
        [shipped] поставляется с ботом
        [unknown] обучена не из чата
       *[user] обучил: { $by }
    }
version-broken = ✗ <b>{ $version }</b>: не загружается
version-serves = Со следующего фото сеть <b>{ $kind }</b> читает версией { $version }.
version-refused = Так нельзя: версии больше нет, она повреждена или сейчас работает.
rollback-usage = Какую сеть? /rollback clean или /rollback noisy.
rollback-none = До этой ни одна версия { $kind } не работала.
button-serve = Включить { $version }
button-delete = Удалить
button-delete-sure = Да, удалить { $version }
button-no = Нет

samples =
    Исправления с #{ $first } по #{ $last }; красные никогда не учат.
    { $users }
    /samples exclude 12 15 или /samples exclude user 7 откладывает их, «include» возвращает.
samples-none = Исправлений нет.
samples-usage = Например: /samples, /samples exclude 12 15, /samples exclude user 7, /samples include 12.
samples-excluded = { $count ->
    [one] Отложено { $count } исправление.
    [few] Отложено { $count } исправления.
   *[other] Отложено { $count } исправлений.
}
samples-included = { $count ->
    [one] Снова учит { $count } исправление.
    [few] Снова учат { $count } исправления.
   *[other] Снова учат { $count } исправлений.
}
button-older = Более старые

stats = За последние { $days } дней пользователи ({ $users }) прислали фото ({ $photos }), и из { $digits } цифр { $percent } % отмечены как неверные.
stats-worst = Чаще всего неверна цифра { $digit }: { $percent } % из { $read }.
stats-all-right = Ни одна не отмечена как неверная.
stats-title = Отмечено неверно / прочитано цифр
stats-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}
stats-photos = { $photos } фото
stats-users = { $users ->
    [one] { $users } пользователь
    [few] { $users } пользователя
   *[other] { $users } пользователей
}
