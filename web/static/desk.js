/* The desk's keyboard: Enter moves on, Ctrl+Enter saves, never while an input method is composing. Drafts survive a crash. */
(function (d) {
  'use strict';
  var form = d.querySelector('form[data-draft]');
  var summary = d.querySelector('.problems');
  if (summary) { summary.focus(); }
  d.addEventListener('keydown', function (e) {
    if (e.isComposing || e.keyCode === 229) { return; }
    if (e.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) {
      var search = d.querySelector('input[type=search]');
      if (search) { e.preventDefault(); search.focus(); }
    }
  });
  d.addEventListener('submit', function (e) {
    var f = e.target, buttons = f.querySelectorAll('button:not([name])');
    if (f.method !== 'post') { return; }
    if (f.getAttribute('data-sent')) { e.preventDefault(); return; }
    f.setAttribute('data-sent', '1');
    setTimeout(function () { for (var i = 0; i < buttons.length; i++) { buttons[i].disabled = true; } }, 0);
    setTimeout(function () { f.removeAttribute('data-sent'); for (var i = 0; i < buttons.length; i++) { buttons[i].disabled = false; } }, 15000);
  });
  window.addEventListener('pageshow', function () {
    var forms = d.querySelectorAll('form[data-sent]');
    for (var i = 0; i < forms.length; i++) { forms[i].removeAttribute('data-sent'); }
  });
  if (!form) { return; }
  function fields() {
    return [].slice.call(form.elements).filter(function (e) {
      return e.name && e.type !== 'hidden' && !e.disabled && e.offsetParent !== null;
    });
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
      var all = fields(), next = all[all.indexOf(e.target) + 1];
      if (next) { next.focus(); if (next.select && next.type !== 'file') { next.select(); } } else { form.querySelector('button.go').focus(); }
    }
  });
  var key = 'draft:' + form.getAttribute('data-draft'), timer;
  function store() { try { return window.sessionStorage; } catch (x) { return null; } }
  var box = store();
  if (!box) { return; }
  form.addEventListener('input', function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      var kept = {};
      fields().forEach(function (e) {
        if (e.type === 'checkbox' || e.type === 'radio') { (kept[e.name] = kept[e.name] || []).push([e.value, e.checked]); }
        else if (e.type !== 'file' && e.type !== 'password' && !e.hasAttribute('data-private')) { kept[e.name] = e.value; }
      });
      try { box.setItem(key, JSON.stringify(kept)); } catch (x) { /* full or refused: the draft is only a help */ }
    }, 400);
  });
  form.addEventListener('submit', function () { try { box.removeItem(key); } catch (x) { /* nothing to remove */ } });
  try {
    var kept = JSON.parse(box.getItem(key) || 'null');
    if (kept && !summary) {
      fields().forEach(function (e) {
        var value = kept[e.name];
        if (value === undefined) { return; }
        if (e.type === 'checkbox' || e.type === 'radio') { value.forEach(function (p) { if (p[0] === e.value) { e.checked = p[1]; } }); }
        else if (e.type !== 'file' && !e.value) { e.value = value; }
      });
    }
  } catch (x) { /* an unreadable draft is no draft */ }
})(document);
