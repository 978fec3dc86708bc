/* Writing a name on the screen with pen, mouse or finger. Strokes are kept as "x.y.t_x.y.t-…" in a box of 1000 by 400, in the
   hidden field of the form, and drawn again from there when the page comes back. Works on Chromium 55 and later. */
(function (d) {
  'use strict';
  var root = d.querySelector('[data-pad]'), canvas = root && root.querySelector('canvas');
  if (!canvas || !canvas.getContext || !window.PointerEvent) { return; }
  var WIDE = 1000, HIGH = 400, MOST = 3900;
  var field = root.querySelector('input[name=strokes]'), pen = canvas.getContext('2d');
  var strokes = read(field.value), current = null, held = null, begun = 0, count = 0;

  function read(text) {
    return !text ? [] : text.split('-').map(function (stroke) {
      return stroke.split('_').map(function (point) { return point.split('.').map(Number); });
    });
  }
  function write() {
    field.value = strokes.map(function (stroke) {
      return stroke.map(function (point) { return point.join('.'); }).join('_');
    }).join('-');
  }
  function last() { var s = strokes[strokes.length - 1]; return s ? s[s.length - 1][2] : 0; }
  function draw() {
    pen.clearRect(0, 0, WIDE, HIGH);
    pen.lineWidth = 9; pen.lineCap = pen.lineJoin = 'round'; pen.strokeStyle = '#000';
    count = 0;
    strokes.forEach(function (s) {
      var i;
      count += s.length;
      pen.beginPath();
      pen.moveTo(s[0][0], s[0][1]);
      for (i = 1; i < s.length - 1; i++) {
        pen.quadraticCurveTo(s[i][0], s[i][1], (s[i][0] + s[i + 1][0]) / 2, (s[i][1] + s[i + 1][1]) / 2);
      }
      i = s[s.length - 1];
      pen.lineTo(i[0] + (s.length === 1 ? 1 : 0), i[1]);
      pen.stroke();
    });
  }
  function within(value, most) { return Math.max(0, Math.min(most, Math.round(value))); }
  function add(e) {
    var box = canvas.getBoundingClientRect(), edge = canvas.clientLeft;
    var x = within((e.clientX - box.left - edge) / canvas.clientWidth * WIDE, WIDE);
    var y = within((e.clientY - box.top - edge) / canvas.clientHeight * HIGH, HIGH);
    var before = current[current.length - 1];
    if (count >= MOST || (before && Math.abs(before[0] - x) + Math.abs(before[1] - y) < 4)) { return; }
    current.push([x, y, Math.max(last(), Math.round(e.timeStamp - begun))]);
    count += 1;
  }
  function down(e) {
    if (held !== null || (e.button && e.pointerType === 'mouse')) { return; }
    held = e.pointerId;
    if (!strokes.length) { begun = e.timeStamp; } else if (!begun) { begun = e.timeStamp - last() - 100; }
    current = [];
    add(e);
    if (current.length) { strokes.push(current); }
    try { canvas.setPointerCapture(held); } catch (x) { /* an old browser: the pointer may leave */ }
    e.preventDefault();
    draw();
  }
  function move(e) {
    if (e.pointerId !== held || !current) { return; }
    (e.getCoalescedEvents && e.getCoalescedEvents().length ? e.getCoalescedEvents() : [e]).forEach(add);
    e.preventDefault();
    draw();
  }
  function up(e) {
    if (e.pointerId !== held) { return; }
    held = current = null;
    write();
  }
  function shorten(to) { strokes.length = to; write(); draw(); }

  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerup', up);
  canvas.addEventListener('pointercancel', up);
  root.querySelector('[data-pad-undo]').addEventListener('click', function () { shorten(Math.max(0, strokes.length - 1)); });
  root.querySelector('[data-pad-clear]').addEventListener('click', function () { begun = 0; shorten(0); });
  root.querySelector('.pad-none').hidden = true;
  root.querySelector('.pad-box').hidden = false;
  draw();
})(document);
