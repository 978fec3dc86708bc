/* The desk's keyboard: Enter moves on, Ctrl+Enter saves, never while an input method is composing. Drafts survive a crash. */
(function (d) {
  'use strict';
  var NUMBERS = /[0-9０-９]{11}/; /* a phone or identity number, wherever it was typed: never kept in a draft */
  var form = d.querySelector('form[data-draft]');
  var summary = d.querySelector('.problems');
  if (summary) { summary.focus(); }
  d.addEventListener('keydown', function (e) {
    if (e.isComposing || e.keyCode === 229) { return; }
    if (e.altKey && !e.ctrlKey && /^[1-9]$/.test(e.key)) {
      var way = d.querySelector('a[accesskey="' + e.key + '"]');
      if (way) { e.preventDefault(); way.click(); }
      return;
    }
    if (/^[1-9]$/.test(e.key) && !e.ctrlKey && !e.metaKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) {
      var answer = d.querySelector('button[data-key="' + e.key + '"]');
      if (answer) { e.preventDefault(); answer.click(); }
      return;
    }
    if (e.key === 'Enter' && e.ctrlKey && !e.defaultPrevented && e.target.form) { /* a form without a draft; the others do it themselves */
      var go = e.target.form.querySelector('button.go');
      if (go) { e.preventDefault(); go.click(); }
      return;
    }
    if (e.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) {
      var search = d.querySelector('input[type=search]');
      if (search) { e.preventDefault(); search.focus(); }
    }
  });
  /* Nothing could be saved (a full disk): the answer says why in a header, and what was typed stays where it is. */
  d.addEventListener('htmx:responseError', function (e) {
    var said = e.detail.xhr.getResponseHeader('X-Said'), bar = d.getElementById('not-saved');
    if (!said) { return; }
    if (!bar) {
      bar = d.createElement('p');
      bar.id = 'not-saved';
      bar.className = 'note';
      bar.setAttribute('role', 'alert');
      (d.querySelector('main') || d.body).insertBefore(bar, (d.querySelector('main') || d.body).firstChild);
    }
    bar.textContent = decodeURIComponent(said);
    bar.scrollIntoView();
  });
  d.addEventListener('submit', function (e) {
    var f = e.target, buttons = f.querySelectorAll('button:not([name])');
    if (f.getAttribute('method') !== 'post') { return; }
    if (f.getAttribute('action') === '/sign-out') { forget(); }
    if (f.getAttribute('data-sent')) { e.preventDefault(); return; }
    f.setAttribute('data-sent', '1');
    setTimeout(function () { for (var i = 0; i < buttons.length; i++) { buttons[i].disabled = true; } }, 0);
    setTimeout(function () { f.removeAttribute('data-sent'); for (var i = 0; i < buttons.length; i++) { buttons[i].disabled = false; } }, 15000);
  });
  window.addEventListener('pageshow', function () {
    var forms = d.querySelectorAll('form[data-sent]');
    for (var i = 0; i < forms.length; i++) { forms[i].removeAttribute('data-sent'); }
  });
  /* An unattended screen hides itself after ten minutes without a hand on it; the server locks by itself, too. What somebody
     was typing goes along to the lock page. While somebody types, the page says so once a minute, so that no form locks. */
  var LOCK = 600000, last = Date.now(), told = last, typing = null, gone = false;
  function ask(url) {
    var x = new XMLHttpRequest();
    x.onload = function () { if (x.status === 401) { leave(); } };
    x.open('GET', url);
    x.setRequestHeader('HX-Request', 'true');
    x.send();
  }
  function used(e) {
    last = Date.now();
    try { localStorage.setItem('used', String(last)); } catch (x) { /* one tab then */ }
    if (e && e.type === 'input' && e.target.form && e.target.form.getAttribute('method') === 'post') { typing = e.target.form; }
    if (last - told > 60000) { told = last; ask('/desk/awake'); }
  }
  function leave() {
    if (gone) { return; }
    gone = true;
    var cover = d.createElement('div');
    cover.className = 'covered';
    cover.textContent = '屏幕已锁';
    d.body.appendChild(cover);
    d.body.className += ' away';
    var f = d.createElement('form');
    f.method = 'post';
    f.action = '/desk/lock';
    function add(name, value) {
      var i = d.createElement('input');
      i.type = 'hidden'; i.name = name; i.value = value;
      f.appendChild(i);
    }
    add('csrf_token', d.querySelector('header .who input[name=csrf_token]').value);
    add('nobody', '1');
    add('back', location.pathname + location.search);
    if (typing && !typing.getAttribute('data-sent')) {
      add('resume', typing.getAttribute('action').replace(/[?#].*/, ''));
      [].forEach.call(typing.elements, function (e) {
        if (!e.name || e.name === 'csrf_token' || e.disabled || e.tagName === 'BUTTON' || /^(file|password|submit|button)$/.test(e.type)) { return; }
        if (/^(checkbox|radio)$/.test(e.type) && !e.checked) { return; }
        add('kept-' + e.name, e.value);
      });
    }
    d.body.appendChild(f);
    f.submit();
  }
  if (d.querySelector('header .who')) {
    ['keydown', 'pointerdown', 'mousedown', 'touchstart', 'wheel', 'input'].forEach(function (n) { d.addEventListener(n, used, { passive: true, capture: true }); });
    try { localStorage.setItem('used', String(last)); } catch (x) { /* one tab then */ }
    setInterval(function () {
      var there = 0;
      try { there = Number(localStorage.getItem('used')) || 0; } catch (x) { /* one tab then */ }
      if (Date.now() - Math.max(last, Math.min(there, Date.now())) >= LOCK) { leave(); }
    }, 5000);
  }
  function store() { try { return window.sessionStorage; } catch (x) { return null; } }
  function forget() {
    var box = store(), names = box ? Object.keys(box) : [];
    for (var i = 0; i < names.length; i++) { if (names[i].indexOf('draft:') === 0) { box.removeItem(names[i]); } }
    try { /* what the rush-hour desk (today.js) could not send */
      Object.keys(localStorage).forEach(function (name) { if (name.indexOf('today:') === 0) { localStorage.removeItem(name); } });
    } catch (x) { /* refused: then nothing was kept */ }
  }
  /* Full personal data: hidden again after the time the answer names, and on leaving the page. */
  function hide(box) {
    var line = d.createElement('p');
    line.className = 'hint';
    line.textContent = '已隐藏。要再看，请重新写明用途。';
    box.innerHTML = '';
    box.appendChild(line);
  }
  function watch() {
    [].forEach.call(d.querySelectorAll('[data-hides]'), function (box) {
      var seconds = +box.getAttribute('data-hides');
      box.removeAttribute('data-hides');
      setTimeout(function () { hide(box); }, seconds * 1000);
      window.addEventListener('pagehide', function () { hide(box); });
    });
  }
  watch();
  d.addEventListener('htmx:load', watch);
  /* Lists print themselves; without script the browser's own command does. */
  function printing() { [].forEach.call(d.querySelectorAll('[data-print][hidden]'), function (b) { b.hidden = false; }); }
  d.addEventListener('click', function (e) { if (e.target.hasAttribute && e.target.hasAttribute('data-print')) { window.print(); } });
  printing();
  d.addEventListener('htmx:load', printing);
  if (!form) { return; }
  function named() {
    return [].slice.call(form.elements).filter(function (e) { return e.name && e.type !== 'hidden' && e.tagName !== 'BUTTON'; });
  }
  function following(here) {
    var all = [].slice.call(form.elements).filter(function (e) {
      return e === here || (e.tagName !== 'FIELDSET' && e.type !== 'hidden' && !e.disabled && e.offsetParent !== null);
    });
    var i = all.indexOf(here) + 1;
    while (all[i] && /^(radio|checkbox)$/.test(here.type) && all[i].name === here.name) { i++; }
    return all[i];
  }
  form.addEventListener('keydown', function (e) {
    if (e.isComposing || e.keyCode === 229 || e.key !== 'Enter') { return; }
    if (e.ctrlKey) {
      e.preventDefault();
      var save = form.querySelector('button.go');
      if (save) { save.click(); }
      return;
    }
    if (e.target.tagName === 'INPUT' || e.target.tagName === 'SELECT') {
      e.preventDefault();
      var next = following(e.target) || form.querySelector('button.go');
      next.focus();
      if (next.tagName === 'INPUT' && next.type === 'text') { next.select(); }
    }
  });
  var key = 'draft:' + form.getAttribute('data-draft'), box = store(), timer;
  if (!box) { return; }
  form.addEventListener('input', function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      var kept = {};
      named().forEach(function (e) {
        if (e.hasAttribute('data-private') || e.type === 'file' || e.type === 'password' || NUMBERS.test(e.value)) { return; }
        if (e.type === 'checkbox' || e.type === 'radio') { (kept[e.name] = kept[e.name] || []).push([e.value, e.checked]); }
        else { kept[e.name] = e.value; }
      });
      try { box.setItem(key, JSON.stringify(kept)); } catch (x) { /* full or refused: the draft is only a help */ }
    }, 400);
  });
  form.addEventListener('submit', function () { clearTimeout(timer); box.removeItem(key); });
  function tell() {
    var line = d.createElement('p'), drop = d.createElement('button');
    line.className = 'note';
    line.setAttribute('role', 'status');
    line.textContent = '上次没保存的内容放回来了，证件号、电话、姓名和地址请重新填。';
    drop.type = 'button';
    drop.className = 'btn';
    drop.textContent = '不要了，从头填';
    drop.addEventListener('click', function () { clearTimeout(timer); box.removeItem(key); form.reset(); line.parentNode.removeChild(line); });
    line.appendChild(drop);
    form.parentNode.insertBefore(line, form);
  }
  try {
    var kept = JSON.parse(box.getItem(key) || 'null');
    if (kept && !summary) {
      named().forEach(function (e) {
        var value = kept[e.name];
        if (value === undefined) { return; }
        if (e.type === 'checkbox' || e.type === 'radio') { value.forEach(function (p) { if (p[0] === e.value) { e.checked = p[1]; } }); }
        else { e.value = value; }
      });
      tell();
    }
  } catch (x) { /* an unreadable draft is no draft */ }
})(document);
