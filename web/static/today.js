/* The rush-hour desk. A sign-in that cannot be sent is kept in this browser under this account, shown, and sent once the server
   answers: each carries a mark that counts once and the moment it was keyed. Works on Chromium 79. */
(function (d) {
  'use strict';
  var root = d.querySelector('[data-today]'), form = d.getElementById('sign-in');
  if (!root || !form) { return; }
  var KEY = 'today:' + root.getAttribute('data-today') + ':';
  var WAIT = 4000, AGAIN = 5000;
  var skew = (Date.parse(root.getAttribute('data-now')) || Date.now()) - Date.now();
  var input = form.elements.word, offline = d.getElementById('offline'), unsent = d.getElementById('unsent');
  var items = read(), sending = false, stopped = '', refresh = 0;

  function store() { try { return window.localStorage; } catch (x) { return null; } }
  function read() {
    var box = store(), found = [], i, name;
    for (i = 0; box && i < box.length; i++) {
      name = box.key(i);
      if (name.indexOf(KEY) !== 0) { continue; }
      try { found.push(JSON.parse(box.getItem(name))); } catch (x) { /* unreadable: not ours */ }
    }
    found.forEach(function (one) { one.kept = true; });
    return found.sort(function (a, b) { return a.at < b.at ? -1 : a.at > b.at ? 1 : 0; });
  }
  function keep(one) { var box = store(); try { if (box && !isDocument(one.word)) { box.setItem(KEY + one.token, JSON.stringify(one)); } } catch (x) { /* full: it stays on the page */ } }
  function drop(one) {
    var box = store();
    if (box) { box.removeItem(KEY + one.token); }
    items = items.filter(function (each) { return each !== one; });
  }
  function isDocument(word) { return /^\s*\d{15}(\d{2}[\dXx])?\s*$/.test(word || ''); }
  function token() {
    var bytes = new Uint8Array(15), text = '', i;
    window.crypto.getRandomValues(bytes);
    for (i = 0; i < bytes.length; i++) { text += ('0' + bytes[i].toString(16)).slice(-2); }
    return text;
  }
  function masked(one) {
    var word = (one.choice || one.word || '').trim();
    return word.length > 6 ? '****' + word.slice(-4) : word.slice(0, 1) + '**';
  }
  function csrf() { return d.querySelector('header .who input[name=csrf_token]').value; }
  function say(text) { offline.hidden = !text; if (offline.textContent !== text) { offline.textContent = text; } }

  function show() {
    var kept = items.filter(function (one) { return one.kept; }), list = unsent.querySelector('ul');
    var refused = kept.filter(function (one) { return one.refused; }).length, title = [];
    unsent.hidden = !kept.length;
    if (kept.length > refused) { title.push('还没发送 ' + (kept.length - refused) + ' 条，连上后自动发送'); }
    if (refused) { title.push('没办成 ' + refused + ' 条，请处理'); }
    unsent.querySelector('h3').textContent = title.join('；');
    list.textContent = '';
    kept.forEach(function (one) {
      var line = d.createElement('li'), at = new Date(one.at);
      line.textContent = ('0' + at.getHours()).slice(-2) + ':' + ('0' + at.getMinutes()).slice(-2) + ' ' + masked(one) + ' ' + (one.refused || (isDocument(one.word) ? '还没发送；身份证号不存电脑，发出去以前别关这一页' : '还没发送')) + ' ';
      if (one.refused) {
        line.appendChild(button('再试', function () { one.refused = ''; one.kept = false; keep(one); pump(); }));
        line.appendChild(button('已处理，删掉', function () { drop(one); show(); input.focus(); }));
      }
      list.appendChild(line);
    });
  }
  function button(text, act) {
    var b = d.createElement('button');
    b.type = 'button'; b.className = 'btn'; b.textContent = text;
    b.addEventListener('click', act);
    return b;
  }

  function add(fields) {
    var one = { token: fields.token || token(), at: fields.keyed_at || new Date(Date.now() + skew).toISOString(), word: fields.word || '', choice: fields.choice || '' };
    items.push(one);
    keep(one);
    pump();
  }
  function pump() {
    var one = items.filter(function (each) { return !each.refused; })[0];
    if (sending || stopped || !one) { show(); return; }
    sending = true;
    var x = new XMLHttpRequest(), over = false;
    x.open('POST', form.getAttribute('action'));
    x.timeout = WAIT;
    x.setRequestHeader('HX-Request', 'true');
    x.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    x.onload = function () { if (!over) { over = true; answered(one, x.status, x.responseText); } };
    x.onerror = x.ontimeout = x.onabort = function () { if (!over) { over = true; failed(one); } };
    x.send(['csrf_token', csrf(), 'word', one.word, 'choice', one.choice, 'token', one.token, 'keyed_at', one.at].map(encodeURIComponent).reduce(function (text, part, i) {
      return text + (i ? (i % 2 ? '=' : '&') : '') + part;
    }, ''));
  }
  function answered(one, status, html) {
    sending = false;
    if ((status !== 200 && status !== 422) || html.indexOf('id="answer"') < 0) {
      if (status === 401 || status === 403) { stopped = '登录过期了：请刷新页面重新登录，还没发送的都在，登录后接着发。'; say(stopped); one.kept = true; keep(one); show(); return; }
      failed(one);
      return;
    }
    say('');
    var late = one.kept, box = d.createElement('div'), told;
    box.innerHTML = html;
    told = box.querySelector('#answer');
    if (status === 422 && late) {
      one.refused = (told.querySelector('.error, b') || told).textContent.trim();
      keep(one);
    } else {
      drop(one);
      if (status === 200) { changed(); }
    }
    if (!late || !items.some(function (each) { return !each.refused; })) { answer(told); }
    pump();
  }
  function failed(one) {
    sending = false;
    if (isDocument(one.word)) { /* an identity number is never kept in the browser */
      drop(one);
      if (!input.value) { input.value = one.word; }
      say('连不上服务器。身份证号不能存在这台电脑上：请扫求职卡、报电话或姓名，或者等连上再按回车。');
      show();
      return;
    }
    items.forEach(function (each) { each.kept = true; keep(each); });
    say('连不上服务器。签到可以照常录，记在这台电脑上，连上后自动发送；叫号、给名额要等连上再办。');
    show();
  }
  function answer(told) {
    var old = d.getElementById('answer');
    old.parentNode.replaceChild(told, old);
    var first = told.getAttribute('data-outcome') === 'unknown' ? null : told.querySelector('[data-key="1"],[data-key="2"]');
    if (first && !input.value && d.activeElement === input) { first.focus(); }
    if (!first && d.activeElement && d.activeElement.tagName === 'BODY') { input.focus(); }
  }
  function changed() {
    clearTimeout(refresh);
    refresh = setTimeout(function () { if (window.htmx) { window.htmx.trigger(d.body, 'today-changed'); } }, 700);
  }

  /* Signing in never waits for the answer: the next card can be scanned at once. In capture, before the desk's own guard. */
  d.addEventListener('submit', function (e) {
    var f = e.target, fields = {};
    if (f.getAttribute('action') === '/sign-out' && items.some(function (one) { return one.kept; }) && !window.confirm('还有签到没有发送，退出就没有了。要退出吗？')) {
      e.preventDefault(); e.stopPropagation();
      return;
    }
    if (!f.hasAttribute('data-sign-in')) { return; }
    e.preventDefault(); e.stopPropagation();
    [].forEach.call(f.elements, function (each) { if (each.name && each.tagName !== 'BUTTON') { fields[each.name] = each.value; } });
    if (picked && f.contains(picked)) { fields.choice = picked.value; }
    picked = null;
    if (!(fields.word || '').trim() && !fields.choice) { return; }
    input.value = '';
    input.focus();
    add(fields);
  }, true);
  var picked = null;
  d.addEventListener('click', function (e) {
    var b = e.target.closest ? e.target.closest('button[name=choice]') : null;
    if (b) { picked = b; }
  }, true);

  /* A scanner types fast: what begins outside a field goes to the sign-in box; one digit alone is a key of the page. */
  var typed = '', timer = 0;
  d.addEventListener('keydown', function (e) {
    var t = e.target, inField = /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName);
    if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.altKey || e.metaKey) { return; }
    if (e.key === 'Escape') { var post = d.getElementById('post'); if (t.blur) { t.blur(); } if (post) { post.focus(); } return; }
    if (e.key === 'Enter' && t.id === 'skip-reason') { e.preventDefault(); d.getElementById('skip-note').focus(); return; } /* Enter again passes over */
    if (e.key === '/' && t === input && !input.value) { e.preventDefault(); return; } /* already here */
    if (inField || e.key.length !== 1 || e.key === ' ' || (e.key === '/' && !typed)) { return; }
    e.preventDefault(); e.stopPropagation();
    typed += e.key;
    clearTimeout(timer);
    if (typed.length > 1) { burst(); return; }
    timer = setTimeout(function () {
      var at = d.activeElement, here = d.getElementById('answer').contains(at) ? '#answer' : '#post';
      var key = typed, b = /^[1-9]$/.test(key) ? d.querySelector(here + ' [data-key="' + key + '"]') : null;
      if (b) { typed = ''; press(b); } else if (/^[1-9]$/.test(key) && here === '#post' && at !== d.body) { typed = ''; /* a key that has nothing to do now */ } else { burst(); }
    }, 70);
  }, true);
  function press(b) { /* a choice is gone to, what is folded is opened to be typed in, anything else is pressed */
    if (b.tagName === 'SELECT') { b.focus(); return; }
    b.click();
    var first = b.tagName === 'SUMMARY' && b.parentNode.querySelector('input[type=text]');
    if (first) { setTimeout(function () { if (b.parentNode.open) { first.focus(); } }, 0); }
  }
  function burst() { input.value += typed; typed = ''; input.focus(); }

  /* Both clerks see the same: the lists ask by themselves; the open demand follows unless somebody is typing in it. */
  d.addEventListener('input', function (e) { var post = d.getElementById('post'); if (post && post.contains(e.target)) { post.setAttribute('data-typed', '1'); } });
  var acted = 0, opened = false;
  d.addEventListener('click', function (e) { if (e.target.closest && e.target.closest('#demands tbody a')) { opened = true; } });
  function mark(post) {
    var list = d.querySelector('.rush-demands');
    if (list) { list.classList[post.hasAttribute('hx-get') ? 'remove' : 'add']('all'); } /* nothing open: the list has the height */
    [].forEach.call(d.querySelectorAll('#demands tbody tr'), function (row) {
      row.className = row.querySelector('a').getAttribute('href') === post.getAttribute('hx-get') ? 'calling' : '';
    });
  }
  d.addEventListener('htmx:load', function (e) {
    var post = d.getElementById('post');
    if (post) { mark(post); }
    if (e.target === post) {
      acted = Date.now();
      if (opened || d.activeElement === d.body) { post.focus(); } /* its keys work at once; a scanner still reaches the box */
      opened = false;
    }
    if (Date.now() - acted < 3000) { return; } /* what was just done here is said on it */
    if (!e.target || e.target.id !== 'waiting' || !post || !window.htmx || !post.hasAttribute('hx-get')) { return; }
    if (!post.hasAttribute('data-typed') && !(d.activeElement && d.activeElement !== post && post.contains(d.activeElement))) { window.htmx.trigger(post, 'post-refresh'); }
  });
  function unanswered(e) {
    var f = e.target;
    if (f && f.tagName === 'FORM') {
      f.removeAttribute('data-sent');
      [].forEach.call(f.querySelectorAll('button'), function (b) { b.disabled = false; });
      say('连不上服务器，刚才这一步没有办成，什么都没记。请连上后再点一次。');
    } else if (offline.hidden) {
      say('连不上服务器，名单是刚才的。签到可以照常录，连上后自动发送。');
    }
  }
  d.addEventListener('htmx:sendError', unanswered);
  d.addEventListener('htmx:timeout', unanswered);
  d.addEventListener('htmx:afterRequest', function (e) { if (e.detail.successful && !stopped) { say(''); } });
  setInterval(function () { if (items.length) { pump(); } }, AGAIN);
  window.addEventListener('online', pump);
  pump();
})(document);
