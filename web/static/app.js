(function(d){function b(t){var e=d.getElementById('neterr');if(!t){if(e)e.parentNode.removeChild(e);return}if(!e){e=d.createElement('div');e.id='neterr';e.setAttribute('role','alert');d.body.insertBefore(e,d.body.firstChild)}e.textContent=t}
function f(e){var x=e.detail&&e.detail.xhr,s=x&&x.getResponseHeader('X-Said');b(s?decodeURIComponent(s):'网络不好，没有加载出来。请再点一次。')}
function o(){var t=d.querySelector('details.filter');if(t&&innerWidth>899)t.open=true}
['htmx:sendError','htmx:timeout','htmx:responseError','htmx:swapError'].forEach(function(n){d.addEventListener(n,f)});
d.addEventListener('htmx:afterSwap',function(){b();o();var r=d.getElementById('results'),s=d.getElementById('say');if(r&&s){r.focus({preventScroll:true});s.textContent='已更新，这一页有'+r.querySelectorAll('.job').length+'个岗位'}});
o();
window.addEventListener('offline',function(){b('没有网络了。看过的内容还在，连上网再点。')});window.addEventListener('online',function(){b()})})(document);
