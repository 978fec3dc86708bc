/* One key per answer in a call-back: the number of an answer ticks it and goes on to the next question. 9: nobody answered. */
(function (d) {
  'use strict';
  var form = d.querySelector('form.asks');
  if (!form) { return; }
  var asks = [].slice.call(form.querySelectorAll('fieldset.ask'));
  function answers(ask) { return [].slice.call(ask.querySelectorAll('input[type=radio]')); }
  function answered(ask) { return answers(ask).some(function (e) { return e.checked; }); }
  function of(target) {
    return asks.filter(function (ask) { return ask.contains(target); })[0] || asks.filter(function (ask) { return !answered(ask); })[0];
  }
  function after(ask) {
    return asks.slice(asks.indexOf(ask) + 1).filter(function (each) { return !answered(each); })[0];
  }
  d.addEventListener('keydown', function (e) {
    var target = e.target, radio = target.type === 'radio';
    if (e.isComposing || e.ctrlKey || e.altKey || e.metaKey || !/^[1-9]$/.test(e.key)) { return; }
    if (!radio && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) { return; }
    if (e.key === '9') {
      if (radio) { e.preventDefault(); form.querySelector('button[data-key="9"]').click(); }
      return;
    }
    var ask = of(target), chosen = ask && answers(ask)[+e.key - 1], next;
    if (!chosen) { return; }
    e.preventDefault();
    chosen.checked = true;
    next = after(ask);
    (next ? answers(next)[0] : form.querySelector('button.go')).focus();
  });
})(document);
