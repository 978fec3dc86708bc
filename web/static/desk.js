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
    if (e.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) {
      var search = d.querySelector('input[type=search]');
      if (search) { e.preventDefault(); search.focus(); }
    }
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
  function store() { try { return window.sessionStorage; } catch (x) { return null; } }
  function forget() {
    var box = store(), names = box ? Object.keys(box) : [];
    for (var i = 0; i < names.length; i++) { if (names[i].indexOf('draft:') === 0) { box.removeItem(names[i]); } }
  }
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
