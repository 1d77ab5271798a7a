/* SPDX-License-Identifier: MIT */
/* Made by clients/playground/bundle.mjs. Holds @cfworker/json-schema 4.1.1, (c) Jeremy Danyow, MIT. */
var I=class{constructor(e){this.text=e}},Zt=/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g,Z="\\u0000";function Ye(n){if(typeof n=="string")return n.startsWith(
"\0")?n[1]==="\0"?n.slice(1):new I(n.slice(1)):n;if(Array.isArray(n))return n.map(Ye);if(n===null||typeof n!="object")return n;let e={};for(let[t,r]of Object.entries(
n))W(e,t.startsWith("\0")?t.slice(1):t,Ye(r));return e}function W(n,e,t){e==="__proto__"?Object.defineProperty(n,e,{value:t,writable:!0,enumerable:!0,configurable:!0}):
n[e]=t}function K(n){let e=!1,t=n.replace(Zt,s=>s[0]!=='"'?String(Number(s))===s?s:(e=!0,`"${Z}${s}"`):s.startsWith(`"${Z}`)?(e=!0,`"${Z}${s.slice(1)}`):s),r=JSON.
parse(t);return e?Ye(r):r}function te(n){let e=!1,t=JSON.stringify(n,(r,s)=>typeof s=="bigint"||s instanceof I?(e=!0,`\0${typeof s=="bigint"?s:s.text}`):typeof s==
"string"&&s.startsWith("\0")?`\0${s}`:s);return!e&&!t.includes(Z)?t:t.replace(/("(?:[^"\\]|\\.)*")(:?)/g,(r,s,o)=>{if(o||!s.startsWith(`"${Z}`))return r;let i=s.
slice(Z.length+1);return i.startsWith(Z)?`"${i}`:i.slice(0,-1)})}function ce(n){if(n instanceof I)return Number(n.text);if(Array.isArray(n))return n.map(ce);if(n===
null||typeof n!="object")return n;let e={};for(let[t,r]of Object.entries(n))W(e,t,ce(r));return e}var de="Reconnect: it will pass.",B="Reconnecting would end the same way.",kt={1e3:{title:"Done",words:"One side said that it is finished.",next:"Connect again \
whenever you like.",bad:!1},1001:{title:"Going away",words:"The server drains: it is stopped or restarted.",next:"Reconnect after the time that draining has nam\
ed.",bad:!1},1002:{title:"Protocol error",words:"One side broke the WebSocket protocol.",next:B,bad:!0},1003:{title:"Binary frame",words:"A binary frame came wh\
ere none is spoken.",next:B,bad:!0},1005:{title:"No code",words:"The connection was closed without saying why.",next:de,bad:!1},1006:{title:"Broken off, or refu\
sed",words:"There was no close frame: the line broke, nobody listens there, or the handshake was refused. Browsers hide its HTTP status; it may be 404 (no such \
address, or a URL parameter that its type refuses), 403 (the Origin is foreign), 429 (too many handshakes) or 503 (too many connections).",next:"Look at the par\
ameters, and at the server's log.",bad:!0},1007:{title:"Not UTF-8",words:"A text frame was not valid UTF-8.",next:B,bad:!0},1008:{title:"Policy",words:"The serv\
er does not allow this.",next:B,bad:!0},1009:{title:"Too big",words:"A message was larger than frame-limit allows.",next:B,bad:!0},1010:{title:"Extension missin\
g",words:"An extension that one side needs was not agreed upon.",next:B,bad:!0},1011:{title:"The server failed",words:"Something went wrong inside the server; i\
ts log says what.",next:de,bad:!0},1012:{title:"Restarting",words:"The service restarts.",next:de,bad:!1},1013:{title:"Try again later",words:"The server has to\
o much to do.",next:"Reconnect in a few seconds.",bad:!0},4400:{title:"Broken contract",words:"A frame broke the contract, and this protocol has no message to s\
ay so; the reason names the first problem.",next:"Mend the frame.",bad:!0},4401:{title:"Not authenticated",words:"No credential was recognised.",next:"Log in, o\
r choose another way to say who you are.",bad:!0},4403:{title:"Forbidden",words:"The server knows you, and you may not come in here; or a handler refused.",next:B,
bad:!0},4404:{title:"No such object",words:"What the URL names does not exist, or is not for you.",next:"Look at the URL parameters.",bad:!0},4408:{title:"Too s\
low",words:"Too slow to authenticate, or to read what was sent.",next:de,bad:!0},4409:{title:"Conflict",words:"A conflict, and this protocol has no message to s\
ay so.",next:B,bad:!0},4410:{title:"Credentials ended",words:"The credentials have expired, or were revoked.",next:"Log in again.",bad:!0},4429:{title:"Too many\
 frames",words:"Too many frames, or too many that broke the contract.",next:"Wait a little, then reconnect.",bad:!0}};function we(n){let e=kt[n];return e||(n>=4e3?
{title:"The application's own",words:"This code belongs to the program behind the contract.",next:"Its documents say what to do.",bad:!0}:{title:"Closed",words:"\
This code says nothing that is agreed upon here.",next:de,bad:!0})}var St=Object.entries(kt).map(([n,e])=>[Number(n),e]),Xt={not_stored:"What the frame says cou\
ld not be kept; nobody has seen it.",handler_failed:"The server's handler failed.",refused:"The handler says no, in its own words.",rate_limited:"Too many frame\
s; try again after retry_after seconds.",busy:"The server cannot take this now; try again after retry_after seconds.",too_large:"The answer does not fit.",conflict:"\
Another message had this message_id.",lost:"The frame with this message_id took effect, but its answer could not be kept.",unknown_topic:"No topic of this conne\
ction is called so, or there is no such object.",unauthorized:"The topic's permit says no.",not_subscribed:"This client does not follow that topic."};function $e(n){
return Xt[n]??""}function ne(n,e){let t=typeof n;if(t!==typeof e)return!1;if(Array.isArray(n)){if(!Array.isArray(e))return!1;let r=n.length;if(r!==e.length)return!1;for(let s=0;s<
r;s++)if(!ne(n[s],e[s]))return!1;return!0}if(t==="object"){if(!n||!e)return n===e;let r=Object.keys(n),s=Object.keys(e);if(r.length!==s.length)return!1;for(let i of r)
if(!ne(n[i],e[i]))return!1;return!0}return n===e}function j(n){return encodeURI(Qt(n))}function Qt(n){return n.replace(/~/g,"~0").replace(/\//g,"~1")}var en={prefixItems:!0,items:!0,allOf:!0,anyOf:!0,oneOf:!0},tn={$defs:!0,definitions:!0,properties:!0,patternProperties:!0,dependentSchemas:!0},nn={id:!0,$id:!0,
$ref:!0,$schema:!0,$anchor:!0,$vocabulary:!0,$comment:!0,default:!0,enum:!0,const:!0,required:!0,type:!0,maximum:!0,minimum:!0,exclusiveMaximum:!0,exclusiveMinimum:!0,
multipleOf:!0,maxLength:!0,minLength:!0,pattern:!0,format:!0,maxItems:!0,minItems:!0,uniqueItems:!0,maxProperties:!0,minProperties:!0},rn=typeof self<"u"&&self.
location&&self.location.origin!=="null"?new URL(self.location.origin+self.location.pathname+location.search):new URL("https://github.com/cfworker");function D(n,e=Object.
create(null),t=rn,r=""){if(n&&typeof n=="object"&&!Array.isArray(n)){let o=n.$id||n.id;if(o){let i=new URL(o,t.href);i.hash.length>1?e[i.href]=n:(i.hash="",r===
""?t=i:D(n,e,t))}}else if(n!==!0&&n!==!1)return e;let s=t.href+(r?"#"+r:"");if(e[s]!==void 0)throw new Error(`Duplicate schema URI "${s}".`);if(e[s]=n,n===!0||n===
!1)return e;if(n.__absolute_uri__===void 0&&Object.defineProperty(n,"__absolute_uri__",{enumerable:!1,value:s}),n.$ref&&n.__absolute_ref__===void 0){let o=new URL(
n.$ref,t.href);o.hash=o.hash,Object.defineProperty(n,"__absolute_ref__",{enumerable:!1,value:o.href})}if(n.$recursiveRef&&n.__absolute_recursive_ref__===void 0){
let o=new URL(n.$recursiveRef,t.href);o.hash=o.hash,Object.defineProperty(n,"__absolute_recursive_ref__",{enumerable:!1,value:o.href})}if(n.$anchor){let o=new URL(
"#"+n.$anchor,t.href);e[o.href]=n}for(let o in n){if(nn[o])continue;let i=`${r}/${j(o)}`,c=n[o];if(Array.isArray(c)){if(en[o]){let d=c.length;for(let l=0;l<d;l++)
D(c[l],e,t,`${i}/${l}`)}}else if(tn[o])for(let d in c)D(c[d],e,t,`${i}/${j(d)}`);else D(c,e,t,i)}return e}var sn=/^(\d\d\d\d)-(\d\d)-(\d\d)$/,on=[0,31,28,31,30,31,30,31,31,30,31,30,31],an=/^(\d\d):(\d\d):(\d\d)(\.\d+)?(z|[+-]\d\d(?::?\d\d)?)?$/i,cn=/^(?=.{1,253}\.?$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-0-9a-z]{0,61}[0-9a-z])?)*\.?$/i,
dn=/^(?:[a-z][a-z0-9+\-.]*:)?(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'"()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?(?:\?(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i,
ln=/^(?:(?:[^\x00-\x20"'<>%\\^`{|}]|%[0-9a-f]{2})|\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|\*)?)*\})*$/i,
un=/^(?:(?:https?|ftp):\/\/)(?:\S+(?::\S*)?@)?(?:(?!10(?:\.\d{1,3}){3})(?!127(?:\.\d{1,3}){3})(?!169\.254(?:\.\d{1,3}){2})(?!192\.168(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)(?:\.(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/[^\s]*)?$/iu,
fn=/^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,hn=/^(?:\/(?:[^~/]|~0|~1)*)*$/,pn=/^#(?:\/(?:[a-z0-9_\-.!$&'()*+,;:=@]|%[0-9a-f]{2}|~0|~1)*)*$/i,
mn=/^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/,gn=n=>{if(n[0]==='"')return!1;let[e,t,...r]=n.split("@");return!e||!t||r.length!==0||e.length>64||t.length>
253||e[0]==="."||e.endsWith(".")||e.includes("..")||!/^[a-z0-9.-]+$/i.test(t)||!/^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/i.test(e)?!1:t.split(".").every(s=>/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.
test(s))},bn=/^(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)$/,yn=/^((([0-9a-f]{1,4}:){7}([0-9a-f]{1,4}|:))|(([0-9a-f]{1,4}:){6}(:[0-9a-f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){5}(((:[0-9a-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){4}(((:[0-9a-f]{1,4}){1,3})|((:[0-9a-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){3}(((:[0-9a-f]{1,4}){1,4})|((:[0-9a-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){2}(((:[0-9a-f]{1,4}){1,5})|((:[0-9a-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){1}(((:[0-9a-f]{1,4}){1,6})|((:[0-9a-f]{1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(:(((:[0-9a-f]{1,4}){1,7})|((:[0-9a-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))$/i,
wn=n=>n.length>1&&n.length<80&&(/^P\d+([.,]\d+)?W$/.test(n)||/^P[\dYMDTHS]*(\d[.,]\d+)?[YMDHS]$/.test(n)&&/^P([.,\d]+Y)?([.,\d]+M)?([.,\d]+D)?(T([.,\d]+H)?([.,\d]+M)?([.,\d]+S)?)?$/.
test(n));function F(n){return n.test.bind(n)}var Ze={date:Et,time:Tt.bind(void 0,!1),"date-time":xn,duration:wn,uri:En,"uri-reference":F(dn),"uri-template":F(ln),
url:F(un),email:gn,hostname:F(cn),ipv4:F(bn),ipv6:F(yn),regex:Mn,uuid:F(fn),"json-pointer":F(hn),"json-pointer-uri-fragment":F(pn),"relative-json-pointer":F(mn)};
function $n(n){return n%4===0&&(n%100!==0||n%400===0)}function Et(n){let e=n.match(sn);if(!e)return!1;let t=+e[1],r=+e[2],s=+e[3];return r>=1&&r<=12&&s>=1&&s<=(r==
2&&$n(t)?29:on[r])}function Tt(n,e){let t=e.match(an);if(!t)return!1;let r=+t[1],s=+t[2],o=+t[3],i=!!t[5];return(r<=23&&s<=59&&o<=59||r==23&&s==59&&o==60)&&(!n||
i)}var vn=/t|\s/i;function xn(n){let e=n.split(vn);return e.length==2&&Et(e[0])&&Tt(!0,e[1])}var kn=/\/|:/,Sn=/^(?:[a-z][a-z0-9+\-.]*:)(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)(?:\?(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
function En(n){return kn.test(n)&&Sn.test(n)}var Tn=/[^\\]\\Z/;function Mn(n){if(Tn.test(n))return!1;try{return new RegExp(n,"u"),!0}catch{return!1}}var Mt;(function(n){n[n.Flag=1]="Flag",n[n.Basic=2]="Basic",n[n.Detailed=4]="Detailed"})(Mt||(Mt={}));function Ot(n){let e=0,t=n.length,r=0,s;for(;r<t;)e++,s=n.charCodeAt(r++),s>=55296&&s<=56319&&r<t&&(s=n.charCodeAt(r),(s&64512)==56320&&r++);return e}function O(n,e,t="2019-09",r=D(e),s=!0,o=null,i="#",c="#",d=Object.create(null)){if(e===!0)return{valid:!0,errors:[]};if(e===!1)return{valid:!1,errors:[{instanceLocation:i,
keyword:"false",keywordLocation:i,error:"False boolean schema."}]};let l=typeof n,g;switch(l){case"boolean":case"number":case"string":g=l;break;case"object":n===
null?g="null":Array.isArray(n)?g="array":g="object";break;default:throw new Error(`Instances of "${l}" type are not supported.`)}let{$ref:x,$recursiveRef:M,$recursiveAnchor:T,
type:E,const:q,enum:C,required:Ce,not:dt,anyOf:Le,allOf:Fe,oneOf:lt,if:ut,then:ft,else:ht,format:fe,properties:He,patternProperties:ze,additionalProperties:pt,unevaluatedProperties:mt,
minProperties:De,maxProperties:Ue,propertyNames:gt,dependentRequired:We,dependentSchemas:Ke,dependencies:Be,prefixItems:Je,items:oe,additionalItems:bt,unevaluatedItems:yt,
contains:wt,minContains:z,maxContains:he,minItems:Ve,maxItems:Ge,uniqueItems:Gt,minimum:G,maximum:Y,exclusiveMinimum:ie,exclusiveMaximum:ae,multipleOf:pe,minLength:me,
maxLength:ge,pattern:$t,__absolute_ref__:be,__absolute_recursive_ref__:Yt}=e,h=[];if(T===!0&&o===null&&(o=e),M==="#"){let y=o===null?r[Yt]:o,b=`${c}/$recursiveR\
ef`,k=O(n,o===null?e:o,t,r,s,y,i,b,d);k.valid||h.push({instanceLocation:i,keyword:"$recursiveRef",keywordLocation:b,error:"A subschema had errors."},...k.errors)}
if(x!==void 0){let b=r[be||x];if(b===void 0){let u=`Unresolved $ref "${x}".`;throw be&&be!==x&&(u+=`  Absolute URI "${be}".`),u+=`
Known schemas:
- ${Object.keys(r).join(`
- `)}`,new Error(u)}let k=`${c}/$ref`,m=O(n,b,t,r,s,o,i,k,d);if(m.valid||h.push({instanceLocation:i,keyword:"$ref",keywordLocation:k,error:"A subschema had erro\
rs."},...m.errors),t==="4"||t==="7")return{valid:h.length===0,errors:h}}if(Array.isArray(E)){let y=E.length,b=!1;for(let k=0;k<y;k++)if(g===E[k]||E[k]==="intege\
r"&&g==="number"&&n%1===0&&n===n){b=!0;break}b||h.push({instanceLocation:i,keyword:"type",keywordLocation:`${c}/type`,error:`Instance type "${g}" is invalid. Ex\
pected "${E.join('", "')}".`})}else E==="integer"?(g!=="number"||n%1||n!==n)&&h.push({instanceLocation:i,keyword:"type",keywordLocation:`${c}/type`,error:`Insta\
nce type "${g}" is invalid. Expected "${E}".`}):E!==void 0&&g!==E&&h.push({instanceLocation:i,keyword:"type",keywordLocation:`${c}/type`,error:`Instance type "${g}\
" is invalid. Expected "${E}".`});if(q!==void 0&&(g==="object"||g==="array"?ne(n,q)||h.push({instanceLocation:i,keyword:"const",keywordLocation:`${c}/const`,error:`\
Instance does not match ${JSON.stringify(q)}.`}):n!==q&&h.push({instanceLocation:i,keyword:"const",keywordLocation:`${c}/const`,error:`Instance does not match ${JSON.
stringify(q)}.`})),C!==void 0&&(g==="object"||g==="array"?C.some(y=>ne(n,y))||h.push({instanceLocation:i,keyword:"enum",keywordLocation:`${c}/enum`,error:`Insta\
nce does not match any of ${JSON.stringify(C)}.`}):C.some(y=>n===y)||h.push({instanceLocation:i,keyword:"enum",keywordLocation:`${c}/enum`,error:`Instance does \
not match any of ${JSON.stringify(C)}.`})),dt!==void 0){let y=`${c}/not`;O(n,dt,t,r,s,o,i,y).valid&&h.push({instanceLocation:i,keyword:"not",keywordLocation:y,error:'\
Instance matched "not" schema.'})}let ye=[];if(Le!==void 0){let y=`${c}/anyOf`,b=h.length,k=!1;for(let m=0;m<Le.length;m++){let u=Le[m],v=Object.create(d),w=O(n,
u,t,r,s,T===!0?o:null,i,`${y}/${m}`,v);h.push(...w.errors),k=k||w.valid,w.valid&&ye.push(v)}k?h.length=b:h.splice(b,0,{instanceLocation:i,keyword:"anyOf",keywordLocation:y,
error:"Instance does not match any subschemas."})}if(Fe!==void 0){let y=`${c}/allOf`,b=h.length,k=!0;for(let m=0;m<Fe.length;m++){let u=Fe[m],v=Object.create(d),
w=O(n,u,t,r,s,T===!0?o:null,i,`${y}/${m}`,v);h.push(...w.errors),k=k&&w.valid,w.valid&&ye.push(v)}k?h.length=b:h.splice(b,0,{instanceLocation:i,keyword:"allOf",
keywordLocation:y,error:"Instance does not match every subschema."})}if(lt!==void 0){let y=`${c}/oneOf`,b=h.length,k=lt.filter((m,u)=>{let v=Object.create(d),w=O(
n,m,t,r,s,T===!0?o:null,i,`${y}/${u}`,v);return h.push(...w.errors),w.valid&&ye.push(v),w.valid}).length;k===1?h.length=b:h.splice(b,0,{instanceLocation:i,keyword:"\
oneOf",keywordLocation:y,error:`Instance does not match exactly one subschema (${k} matches).`})}if((g==="object"||g==="array")&&Object.assign(d,...ye),ut!==void 0){
let y=`${c}/if`;if(O(n,ut,t,r,s,o,i,y,d).valid){if(ft!==void 0){let k=O(n,ft,t,r,s,o,i,`${c}/then`,d);k.valid||h.push({instanceLocation:i,keyword:"if",keywordLocation:y,
error:'Instance does not match "then" schema.'},...k.errors)}}else if(ht!==void 0){let k=O(n,ht,t,r,s,o,i,`${c}/else`,d);k.valid||h.push({instanceLocation:i,keyword:"\
if",keywordLocation:y,error:'Instance does not match "else" schema.'},...k.errors)}}if(g==="object"){if(Ce!==void 0)for(let m of Ce)m in n||h.push({instanceLocation:i,
keyword:"required",keywordLocation:`${c}/required`,error:`Instance does not have required property "${m}".`});let y=Object.keys(n);if(De!==void 0&&y.length<De&&
h.push({instanceLocation:i,keyword:"minProperties",keywordLocation:`${c}/minProperties`,error:`Instance does not have at least ${De} properties.`}),Ue!==void 0&&
y.length>Ue&&h.push({instanceLocation:i,keyword:"maxProperties",keywordLocation:`${c}/maxProperties`,error:`Instance does not have at least ${Ue} properties.`}),
gt!==void 0){let m=`${c}/propertyNames`;for(let u in n){let v=`${i}/${j(u)}`,w=O(u,gt,t,r,s,o,v,m);w.valid||h.push({instanceLocation:i,keyword:"propertyNames",keywordLocation:m,
error:`Property name "${u}" does not match schema.`},...w.errors)}}if(We!==void 0){let m=`${c}/dependantRequired`;for(let u in We)if(u in n){let v=We[u];for(let w of v)
w in n||h.push({instanceLocation:i,keyword:"dependentRequired",keywordLocation:m,error:`Instance has "${u}" but does not have "${w}".`})}}if(Ke!==void 0)for(let m in Ke){
let u=`${c}/dependentSchemas`;if(m in n){let v=O(n,Ke[m],t,r,s,o,i,`${u}/${j(m)}`,d);v.valid||h.push({instanceLocation:i,keyword:"dependentSchemas",keywordLocation:u,
error:`Instance has "${m}" but does not match dependant schema.`},...v.errors)}}if(Be!==void 0){let m=`${c}/dependencies`;for(let u in Be)if(u in n){let v=Be[u];
if(Array.isArray(v))for(let w of v)w in n||h.push({instanceLocation:i,keyword:"dependencies",keywordLocation:m,error:`Instance has "${u}" but does not have "${w}\
".`});else{let w=O(n,v,t,r,s,o,i,`${m}/${j(u)}`);w.valid||h.push({instanceLocation:i,keyword:"dependencies",keywordLocation:m,error:`Instance has "${u}" but doe\
s not match dependant schema.`},...w.errors)}}}let b=Object.create(null),k=!1;if(He!==void 0){let m=`${c}/properties`;for(let u in He){if(!(u in n))continue;let v=`${i}\
/${j(u)}`,w=O(n[u],He[u],t,r,s,o,v,`${m}/${j(u)}`);if(w.valid)d[u]=b[u]=!0;else if(k=s,h.push({instanceLocation:i,keyword:"properties",keywordLocation:m,error:`\
Property "${u}" does not match schema.`},...w.errors),k)break}}if(!k&&ze!==void 0){let m=`${c}/patternProperties`;for(let u in ze){let v=new RegExp(u,"u"),w=ze[u];
for(let R in n){if(!v.test(R))continue;let vt=`${i}/${j(R)}`,xt=O(n[R],w,t,r,s,o,vt,`${m}/${j(u)}`);xt.valid?d[R]=b[R]=!0:(k=s,h.push({instanceLocation:i,keyword:"\
patternProperties",keywordLocation:m,error:`Property "${R}" matches pattern "${u}" but does not match associated schema.`},...xt.errors))}}}if(!k&&pt!==void 0){
let m=`${c}/additionalProperties`;for(let u in n){if(b[u])continue;let v=`${i}/${j(u)}`,w=O(n[u],pt,t,r,s,o,v,m);w.valid?d[u]=!0:(k=s,h.push({instanceLocation:i,
keyword:"additionalProperties",keywordLocation:m,error:`Property "${u}" does not match additional properties schema.`},...w.errors))}}else if(!k&&mt!==void 0){let m=`${c}\
/unevaluatedProperties`;for(let u in n)if(!d[u]){let v=`${i}/${j(u)}`,w=O(n[u],mt,t,r,s,o,v,m);w.valid?d[u]=!0:h.push({instanceLocation:i,keyword:"unevaluatedPr\
operties",keywordLocation:m,error:`Property "${u}" does not match unevaluated properties schema.`},...w.errors)}}}else if(g==="array"){Ge!==void 0&&n.length>Ge&&
h.push({instanceLocation:i,keyword:"maxItems",keywordLocation:`${c}/maxItems`,error:`Array has too many items (${n.length} > ${Ge}).`}),Ve!==void 0&&n.length<Ve&&
h.push({instanceLocation:i,keyword:"minItems",keywordLocation:`${c}/minItems`,error:`Array has too few items (${n.length} < ${Ve}).`});let y=n.length,b=0,k=!1;if(Je!==
void 0){let m=`${c}/prefixItems`,u=Math.min(Je.length,y);for(;b<u;b++){let v=O(n[b],Je[b],t,r,s,o,`${i}/${b}`,`${m}/${b}`);if(d[b]=!0,!v.valid&&(k=s,h.push({instanceLocation:i,
keyword:"prefixItems",keywordLocation:m,error:"Items did not match schema."},...v.errors),k))break}}if(oe!==void 0){let m=`${c}/items`;if(Array.isArray(oe)){let u=Math.
min(oe.length,y);for(;b<u;b++){let v=O(n[b],oe[b],t,r,s,o,`${i}/${b}`,`${m}/${b}`);if(d[b]=!0,!v.valid&&(k=s,h.push({instanceLocation:i,keyword:"items",keywordLocation:m,
error:"Items did not match schema."},...v.errors),k))break}}else for(;b<y;b++){let u=O(n[b],oe,t,r,s,o,`${i}/${b}`,m);if(d[b]=!0,!u.valid&&(k=s,h.push({instanceLocation:i,
keyword:"items",keywordLocation:m,error:"Items did not match schema."},...u.errors),k))break}if(!k&&bt!==void 0){let u=`${c}/additionalItems`;for(;b<y;b++){let v=O(
n[b],bt,t,r,s,o,`${i}/${b}`,u);d[b]=!0,v.valid||(k=s,h.push({instanceLocation:i,keyword:"additionalItems",keywordLocation:u,error:"Items did not match additiona\
l items schema."},...v.errors))}}}if(wt!==void 0)if(y===0&&z===void 0)h.push({instanceLocation:i,keyword:"contains",keywordLocation:`${c}/contains`,error:"Array\
 is empty. It must contain at least one item matching the schema."});else if(z!==void 0&&y<z)h.push({instanceLocation:i,keyword:"minContains",keywordLocation:`${c}\
/minContains`,error:`Array has less items (${y}) than minContains (${z}).`});else{let m=`${c}/contains`,u=h.length,v=0;for(let w=0;w<y;w++){let R=O(n[w],wt,t,r,
s,o,`${i}/${w}`,m);R.valid?(d[w]=!0,v++):h.push(...R.errors)}v>=(z||0)&&(h.length=u),z===void 0&&he===void 0&&v===0?h.splice(u,0,{instanceLocation:i,keyword:"co\
ntains",keywordLocation:m,error:"Array does not contain item matching schema."}):z!==void 0&&v<z?h.push({instanceLocation:i,keyword:"minContains",keywordLocation:`${c}\
/minContains`,error:`Array must contain at least ${z} items matching schema. Only ${v} items were found.`}):he!==void 0&&v>he&&h.push({instanceLocation:i,keyword:"\
maxContains",keywordLocation:`${c}/maxContains`,error:`Array may contain at most ${he} items matching schema. ${v} items were found.`})}if(!k&&yt!==void 0){let m=`${c}\
/unevaluatedItems`;for(b;b<y;b++){if(d[b])continue;let u=O(n[b],yt,t,r,s,o,`${i}/${b}`,m);d[b]=!0,u.valid||h.push({instanceLocation:i,keyword:"unevaluatedItems",
keywordLocation:m,error:"Items did not match unevaluated items schema."},...u.errors)}}if(Gt)for(let m=0;m<y;m++){let u=n[m],v=typeof u=="object"&&u!==null;for(let w=0;w<
y;w++){if(m===w)continue;let R=n[w];(u===R||v&&(typeof R=="object"&&R!==null)&&ne(u,R))&&(h.push({instanceLocation:i,keyword:"uniqueItems",keywordLocation:`${c}\
/uniqueItems`,error:`Duplicate items at indexes ${m} and ${w}.`}),m=Number.MAX_SAFE_INTEGER,w=Number.MAX_SAFE_INTEGER)}}}else if(g==="number"){if(t==="4"?(G!==void 0&&
(ie===!0&&n<=G||n<G)&&h.push({instanceLocation:i,keyword:"minimum",keywordLocation:`${c}/minimum`,error:`${n} is less than ${ie?"or equal to ":""} ${G}.`}),Y!==
void 0&&(ae===!0&&n>=Y||n>Y)&&h.push({instanceLocation:i,keyword:"maximum",keywordLocation:`${c}/maximum`,error:`${n} is greater than ${ae?"or equal to ":""} ${Y}\
.`})):(G!==void 0&&n<G&&h.push({instanceLocation:i,keyword:"minimum",keywordLocation:`${c}/minimum`,error:`${n} is less than ${G}.`}),Y!==void 0&&n>Y&&h.push({instanceLocation:i,
keyword:"maximum",keywordLocation:`${c}/maximum`,error:`${n} is greater than ${Y}.`}),ie!==void 0&&n<=ie&&h.push({instanceLocation:i,keyword:"exclusiveMinimum",
keywordLocation:`${c}/exclusiveMinimum`,error:`${n} is less than ${ie}.`}),ae!==void 0&&n>=ae&&h.push({instanceLocation:i,keyword:"exclusiveMaximum",keywordLocation:`${c}\
/exclusiveMaximum`,error:`${n} is greater than or equal to ${ae}.`})),pe!==void 0){let y=n%pe;Math.abs(0-y)>=11920929e-14&&Math.abs(pe-y)>=11920929e-14&&h.push(
{instanceLocation:i,keyword:"multipleOf",keywordLocation:`${c}/multipleOf`,error:`${n} is not a multiple of ${pe}.`})}}else if(g==="string"){let y=me===void 0&&
ge===void 0?0:Ot(n);me!==void 0&&y<me&&h.push({instanceLocation:i,keyword:"minLength",keywordLocation:`${c}/minLength`,error:`String is too short (${y} < ${me})\
.`}),ge!==void 0&&y>ge&&h.push({instanceLocation:i,keyword:"maxLength",keywordLocation:`${c}/maxLength`,error:`String is too long (${y} > ${ge}).`}),$t!==void 0&&
!new RegExp($t,"u").test(n)&&h.push({instanceLocation:i,keyword:"pattern",keywordLocation:`${c}/pattern`,error:"String does not match pattern."}),fe!==void 0&&Ze[fe]&&
!Ze[fe](n)&&h.push({instanceLocation:i,keyword:"format",keywordLocation:`${c}/format`,error:`String does not match format "${fe}".`})}return{valid:h.length===0,
errors:h}}var ve=class{schema;draft;shortCircuit;lookup;constructor(e,t="2019-09",r=!0){this.schema=e,this.draft=t,this.shortCircuit=r,this.lookup=D(e)}validate(e){return O(
e,this.schema,this.draft,this.lookup,this.shortCircuit)}addSchema(e,t){t&&(e={...e,$id:t}),D(e,this.lookup)}};var At="#/components/schemas/",_t=12;function $(n){return typeof n=="object"&&n!==null&&!Array.isArray(n)&&!(n instanceof I)}function p(n){return $(n)?n:{}}function Xe(n,e){
for(let[t,r]of Object.entries(e))t==="properties"&&$(n[t])?n[t]={...p(n[t]),...p(r)}:t==="required"&&Array.isArray(n[t])?n[t]=[...new Set([...n[t],...r])]:t in n||
(n[t]=r)}function A(n,e,t=0){if(t>_t||n.$ref===void 0&&n.allOf===void 0)return n;let{$ref:r,allOf:s,...o}=n,i={...o};typeof r=="string"&&r.startsWith(At)&&Xe(i,
A(e[decodeURIComponent(r.slice(At.length)).replace(/~1/g,"/").replace(/~0/g,"~")]??{},e,t+1));for(let c of Array.isArray(s)?s:[])Xe(i,A(p(c),e,t+1));return i}function H(n){
let{type:e}=n;return Array.isArray(e)?e.map(String):typeof e=="string"?[e]:[]}var Rt={string:"text",integer:"whole number",number:"number",boolean:"yes or no",object:"\
object",array:"list"};function On(n,e){if(typeof n.title=="string")return n.title;let t=H(n);return n.const!==void 0?JSON.stringify(n.const):Array.isArray(n.enum)?
n.enum.map(r=>JSON.stringify(r)).join(" | "):t.length?t.map(r=>Rt[r]??r).join(" | "):`choice ${e+1}`}function An(n){return n.const===null||H(n).length===1&&n.type===
"null"}function In(n){let e=H(n),t=e.includes("null"),r=e.filter(s=>s!=="null");return r.length>1?{nullable:t,arms:r.map(s=>({title:Rt[s]??s,schema:{...n,type:s,
title:void 0}}))}:{nullable:t,arms:[{title:"",schema:t&&r[0]?{...n,type:r[0]}:n}]}}function xe(n){let e=n.anyOf;if(!Array.isArray(e)||e.length!==2)return null;let t=p(
e[0]);return t.title==="known"&&Array.isArray(t.enum)?t.enum:null}function ke(n){let e=n.oneOf;return!Array.isArray(e)||e.length===0||!e.every(t=>$(t)&&"const"in
t&&!("properties"in t))?null:e.map(t=>({value:p(t).const,description:String(p(t).description??"")}))}function le(n,e){let t=A(n,e),r=t.oneOf??t.anyOf;if(!Array.
isArray(r)||xe(t)||ke(t))return In(t);let{oneOf:s,anyOf:o,title:i,$comment:c,...d}=t,l=[],g=!1;for(let x of r){let M=A(p(x),e);if(An(M)){g=!0;continue}let T={...M};
Xe(T,d);let E=le(T,e);g||=E.nullable,l.push(...E.arms.map(q=>({title:E.arms.length>1&&q.title?q.title:On(M,l.length),schema:q.schema})))}return l.length===1&&l[0]&&
(l[0].title=""),{arms:l,nullable:g}}function Pt(n,e,t){let r=A(n,t);if(r.const!==void 0)return r.const===e?100:-100;if(Array.isArray(r.enum))return r.enum.includes(
e)?50:-50;let s=0,o=H(r),i=_n(e);if(o.length&&(s+=o.includes(i)||i==="integer"&&o.includes("number")?10:-60),$(e))for(let[c,d]of Object.entries(p(r.properties))){
let l=A(p(d),t);l.const!==void 0?s+=e[c]===l.const?40:-100:$(l.not)&&Array.isArray(l.not.enum)&&l.not.enum.includes(e[c])?s-=100:c in e&&(s+=1)}return Array.isArray(
e)&&Array.isArray(r.items)&&(s+=r.items.length===e.length?5:-5),s}function _n(n){return n===null?"null":Array.isArray(n)?"array":n instanceof I?/^-?\d+$/.test(n.
text)?"integer":"number":typeof n=="number"?Number.isInteger(n)?"integer":"number":typeof n}function Rn(n){switch(n.format){case"date-time":return"2026-01-31T09\
:30:00Z";case"date":return"2026-01-31";case"time":return"09:30:00Z";case"duration":return"PT1H30M";case"uuid":return"123e4567-e89b-42d3-a456-426614174000";case"\
email":return"ada@example.org";case"uri":case"uri-reference":return"https://example.org/";case"hostname":return"example.org";case"ipv4":return"192.0.2.1";case"i\
pv6":return"2001:db8::1"}if(n.contentEncoding==="base64")return"AAAA";let e=Number(n.minLength??0),t=Number(n.maxLength??4);return"text".repeat(Math.ceil(Math.max(
e,1)/4)).slice(0,Math.max(e,Math.min(4,t)))}function Pn(n){let e=i=>n[i]instanceof I?Number(n[i].text):n[i],t=e("multipleOf")??1,r=e("minimum")??(e("exclusiveMi\
nimum")!==void 0?e("exclusiveMinimum")+t:-1/0),s=e("maximum")??(e("exclusiveMaximum")!==void 0?e("exclusiveMaximum")-t:1/0),o=Math.min(Math.max(1,r),s);return t===
1?o:Number((Math.ceil(o/t)*t).toPrecision(12))}function It(n,e,t){let r={},s=new Set(Array.isArray(n.required)?n.required:[]);for(let[o,i]of Object.entries(p(n.
properties)))s.has(o)&&W(r,o,P(p(i),e,t+1));return r}function jn(n,e,t){return Array.isArray(n.items)?n.items.map(r=>P(p(r),e,t+1)):Array.from({length:Math.min(
Number(n.minItems??0),8)},()=>P(p(n.items),e,t+1))}function P(n,e,t=0){let r=A(n,e);if(r.default!==void 0)return r.default;if(r.const!==void 0)return r.const;let s=Array.
isArray(r.enum)?r.enum:xe(r)??ke(r)?.map(({value:c})=>c);if(s?.length)return s[0];let{arms:o,nullable:i}=le(r,e);if(t>_t||!o[0])return i?null:{};if(o.length>1||
o[0].title||r.oneOf||r.anyOf)return P(o[0].schema,e,t+1);switch(H(o[0].schema)[0]){case"string":return Rn(r);case"integer":case"number":return Pn(r);case"boolea\
n":return!1;case"array":return jn(r,e,t);case"null":return null;case"object":return It(r,e,t);default:return r.properties?It(r,e,t):{}}}var Nn=16,qn=new Set(["properties","items","allOf","$ref","additionalItems","additionalProperties","patternProperties"]);function Qe(n){if(Array.isArray(n))return n.
map(Qe);if(n===null||typeof n!="object"||n instanceof I)return n;let e={};for(let[t,r]of Object.entries(n))e[t]=t==="$ref"&&typeof r=="string"?r.replace("#/comp\
onents/schemas/","#/definitions/"):Qe(r);return e}var jt=new WeakMap;function Cn(n,e){let t=jt.get(n);if(!t){let r=ce(Qe({allOf:[n],definitions:e}));t={whole:r,
validator:new ve(r,"7",!1)},jt.set(n,t)}return t}var Nt=n=>decodeURIComponent(n).replace(/~1/g,"/").replace(/~0/g,"~");function Ln(n,e){let t=n;for(let r of e.split(
"/").slice(1))t=p(Array.isArray(t)?Object.fromEntries(t.entries()):t)[Nt(r)],r==="$ref"&&typeof t=="string"&&(t=p(n.definitions)[Nt(t.slice(14))]);return t}function Fn(n,e){
let t=Ln(n,e);return t==="\\S"?"Should hold more than white space":typeof t=="string"&&t.length<=80?`Does not match ${t}`:"Does not match the pattern"}function Hn(n,e){
let t=n.instanceLocation.replace(/^#/,""),r=/"([^"]*)"/.exec(n.error)?.[1]??"";switch(n.keyword){case"required":return{at:`${t}/${r.replace(/~/g,"~0").replace(/\//g,
"~1")}`,words:"Field required"};case"type":return{at:t,words:n.error.replace(/^Instance type "(.*)" is invalid\. Expected "(.*)"\.$/,(s,o,i)=>`Should be ${i.replace(
/", "/g," or ")}, is ${o}`)};case"minLength":case"maxLength":return{at:t,words:n.error.replace(/^String is too (short|long) \((\d+) [<>] (\d+)\)\.$/,(s,o,i,c)=>`\
Should have at ${o==="short"?"least":"most"} ${c} characters, has ${i}`)};case"enum":case"const":return{at:t,words:n.error.replace(/^Instance does not match /,"\
Should be ").replace(/^Should be any of /,"Should be one of ")};case"pattern":return{at:t,words:Fn(e,n.keywordLocation)};case"format":return{at:t,words:n.error.
replace(/^String does not match format "(.*)"\.$/,"Is no $1")};default:return{at:t,words:n.error}}}function zn(n,e){let t=new Map;for(let o of n){let i=o.keywordLocation.
startsWith(`${e.keywordLocation}/`)?o.keywordLocation.slice(e.keywordLocation.length+1):null;if(i===null||!o.instanceLocation.startsWith(e.instanceLocation))continue;
let c=i.split("/")[0]??"";t.set(c,[...t.get(c)??[],o])}let r=o=>["type","const","not","enum"].includes(o.keyword)&&o.instanceLocation.slice(e.instanceLocation.length).
split("/").length<=2;return[...t.values()].filter(o=>!o.some(r)).sort((o,i)=>o.length-i.length)[0]??null}function Dn(n){let e=n;for(let t of n.filter(({keyword:r})=>r===
"oneOf"||r==="anyOf")){if(!e.includes(t))continue;let r=o=>o!==t&&o.keywordLocation.startsWith(`${t.keywordLocation}/`)&&o.instanceLocation.startsWith(t.instanceLocation),
s=zn(e,t);e=e.filter(o=>s?o!==t&&(!r(o)||s.includes(o)):!r(o))}return e}function Se(n,e,t){let r,{validator:s,whole:o}=Cn(n,e);try{let c=s.validate(ce(t));if(c.
valid)return[];r=c.errors}catch(c){return[{at:"",words:`This schema could not be checked: ${c instanceof Error?c.message:String(c)}`}]}let i=new Map;for(let c of Dn(
r)){if(qn.has(c.keyword))continue;let d=["oneOf","anyOf"].includes(c.keyword)?{at:c.instanceLocation.replace(/^#/,""),words:"None of the choices fits"}:Hn(c,o);
i.set(`${d.at} ${d.words}`,d)}return[...i.values()].slice(0,Nn)}function qt(n){return n.map(e=>`/${String(e).replace(/~/g,"~0").replace(/\//g,"~1")}`).join("")}function a(n,e={},...t){let r=document.createElement(n);for(let[s,o]of Object.entries(e))typeof o=="function"?r.addEventListener(s.slice(2),o):o===!0?r.setAttribute(
s,""):typeof o=="string"&&r.setAttribute(s,o);return L(r,...t),r}function L(n,...e){for(let t of e)t!=null&&t!==!1&&n.append(t)}function S(n,...e){n.replaceChildren(),
L(n,...e)}function f(n){let e=document.getElementById(n);if(!e)throw new Error(`the page has no #${n}`);return e}var Un=0;function X(n){return`${n}-${++Un}`}function re(n){
let e=document.createDocumentFragment();return n.split("`").forEach((t,r,s)=>{r%2===1&&r<s.length-1?e.append(a("code",{},t)):e.append(r%2===1?`\`${t}`:t)}),e}async function ue(n){
try{return await navigator.clipboard.writeText(n),!0}catch{let e=a("textarea",{"aria-hidden":"true",class:"off-screen"});e.value=n,document.body.append(e),e.select();
let t=document.execCommand("copy");return e.remove(),t}}var Wn=76;function Kn(n){return n instanceof I?n.text:JSON.stringify(n)??"null"}function N(n,e=""){if(n===null||typeof n!="object"||n instanceof I)return Kn(n);
let t=`${e}  `,r=Array.isArray(n),s=r?n.map(d=>N(d,t)):Object.entries(n).filter(([,d])=>d!==void 0).map(([d,l])=>`${JSON.stringify(d)}: ${N(l,t)}`),[o,i]=r?"[]":
"{}";if(s.length===0)return`${o}${i}`;let c=r?`[${s.join(", ")}]`:`{ ${s.join(", ")} }`;return e!==""&&e.length+c.length<=Wn&&!c.includes(`
`)?c:`${o}
${t}${s.join(`,
${t}`)}
${e}${i}`}var Bn=/("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|\b(true|false|null)\b/g,Jn=6e4;function Ee(n){let e=document.createDocumentFragment();
if(n.length>Jn)return e.append(n),e;let t=0;for(let r of n.matchAll(Bn)){let[s,o,i,c]=r;r.index>t&&e.append(n.slice(t,r.index)),e.append(a("span",{class:o!==void 0?
i!==void 0?"k":"s":c!==void 0?"n":"w"},o??s)),i!==void 0&&e.append(i),t=r.index+s.length}return e.append(n.slice(t)),e}function Ct(n){return n<1e3?`${n} B`:n<1e6?
`${(n/1e3).toFixed(1)} kB`:`${(n/1e6).toFixed(1)} MB`}function et(n){return n<10?`${n.toFixed(1)} ms`:n<1e3?`${Math.round(n)} ms`:`${(n/1e3).toFixed(1)} s`}function Lt(n){
let e=(t,r=2)=>String(t).padStart(r,"0");return`${e(n.getHours())}:${e(n.getMinutes())}:${e(n.getSeconds())}.${e(n.getMilliseconds(),3)}`}var Te=class{element;area;#e;constructor(e,t){this.#e=a("pre",{"aria-hidden":"true"}),this.area=a("textarea",{"aria-label":e,spellcheck:"false",autocapitalize:"\
off",autocomplete:"off",rows:"8"}),this.element=a("div",{class:"editor"},this.#e,this.area),this.area.addEventListener("input",()=>{this.#o(),t()}),this.area.addEventListener(
"scroll",()=>{this.#e.scrollTop=this.area.scrollTop,this.#e.scrollLeft=this.area.scrollLeft}),this.area.addEventListener("keydown",r=>this.#r(r,t))}#r(e,t){let{
area:r}=this;if(e.key!=="Enter"||e.ctrlKey||e.metaKey||e.altKey||e.isComposing)return;let s=r.value.slice(0,r.selectionStart),i=`
${/(?:^|\n)([ \t]*)[^\n]*$/.exec(s)?.[1]??""}${/[{[]\s*$/.test(s)?"  ":""}`;e.preventDefault(),document.execCommand("insertText",!1,i)||(r.setRangeText(i,r.selectionStart,
r.selectionEnd,"end"),this.#o(),t())}#o(){S(this.#e,Ee(`${this.area.value}
`)),this.area.rows=Math.min(18,Math.max(5,this.area.value.split(`
`).length+1))}get text(){return this.area.value}set text(e){this.area.value=e,this.#o()}};var Vn=/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;function Ht(n){let e=n.trim();return Vn.test(e)?String(Number(e))===e?Number(e):new I(e):n}var J=n=>n===void 0?
"":typeof n=="string"?n:n instanceof I?n.text:JSON.stringify(n)??"";function Ft(n,e,t,r){let s=a("select",{"aria-label":r.label,onchange:r.changed});n.forEach((i,c)=>s.
append(a("option",{value:String(c),title:e[c]??""},e[c]?`${J(i)} - ${e[c]}`:J(i))));let o=n.findIndex(i=>i===t);return o<0&&t!==void 0&&s.append(a("option",{value:"\
other"},`${J(t)} (not in the list)`)),s.value=o<0?t===void 0?"0":"other":String(o),{element:s,value:()=>s.value==="other"?t:n[Number(s.value)]}}function Gn(n,e,t,r){
let s=X("values"),o=a("input",{type:"text",list:s,"aria-label":r.label,oninput:r.changed,autocomplete:"off"});return o.value=J(t),{element:a("div",{},o,a("datal\
ist",{id:s},...n.map(i=>a("option",{value:J(i)})))),value:()=>e?Ht(o.value):o.value}}function Yn(n,e){let t=a("select",{"aria-label":e.label,onchange:e.changed},
a("option",{value:"false"},"false"),a("option",{value:"true"},"true"));return n!==void 0&&typeof n!="boolean"&&t.append(a("option",{value:"other"},J(n))),t.value=
typeof n=="boolean"?String(n):n===void 0?"false":"other",{element:t,value:()=>t.value==="other"?n:t.value==="true"}}function Zn(n,e,t){let r=a("input",{type:"te\
xt",inputmode:H(n)[0]==="integer"?"numeric":"decimal",class:"number","aria-label":t.label,autocomplete:"off",oninput:t.changed});return r.value=J(e),{element:r,
value:()=>Ht(r.value)}}function Xn(n,e,t){let s=Number(n.maxLength??0)>120&&n.format===void 0?a("textarea",{rows:"2","aria-label":t.label,oninput:t.changed}):a(
"input",{type:"text","aria-label":t.label,autocomplete:"off",oninput:t.changed});s.value=J(e);let o=n.format==="date-time"&&a("button",{type:"button",class:"sma\
ll","aria-label":`${t.label}: now`,onclick:()=>{s.value=new Date().toISOString(),t.changed()}},"now"),i=n.format==="uuid"&&a("button",{type:"button",class:"smal\
l","aria-label":`${t.label}: a new one`,onclick:()=>{s.value=tt(),t.changed()}},"new");return{element:o||i?a("div",{class:"beside"},s,o,i):s,value:()=>s.value}}
function Qn(n,e){let t=a("textarea",{rows:"3",class:"code","aria-label":`${e.label}, as JSON`,spellcheck:"false",oninput:e.changed});return t.value=n===void 0?"\
null":N(n),{element:t,value:()=>{try{return K(t.value)}catch{return t.value}}}}function tt(){let n=crypto.getRandomValues(new Uint8Array(16));n[6]=(n[6]??0)&15|
64,n[8]=(n[8]??0)&63|128;let e=[...n].map(t=>t.toString(16).padStart(2,"0")).join("");return`${e.slice(0,8)}-${e.slice(8,12)}-${e.slice(12,16)}-${e.slice(16,20)}\
-${e.slice(20)}`}function nt(n,e,t){let r=ke(n),s=xe(n),[o]=H(n);if(n.const!==void 0)return{element:a("code",{class:"constant"},JSON.stringify(n.const)),value:()=>n.
const};if(r)return Ft(r.map(i=>i.value),r.map(({description:i})=>i),e,t);if(Array.isArray(n.enum))return Ft(n.enum,[],e,t);if(s)return Gn(s,o==="integer"||o==="\
number",e,t);switch(o){case"boolean":return Yn(e,t);case"integer":case"number":return Zn(n,e,t);case"string":return Xn(n,e,t);case"null":return{element:a("code",
{class:"constant"},"null"),value:()=>null};default:return Qn(e,t)}}var er=24,Oe=(n,e,t=String(e))=>({...n,label:t,depth:n.depth+1,pointer:`${n.pointer}/${String(e).replace(/~/g,"~0").replace(/\//g,"~1")}`});function Ae(n){return a(
"p",{class:"problem","data-at":n,hidden:!0})}function Me(n,e,t,r="small"){return a("button",{type:"button",class:r,"aria-label":e,title:e,onclick:t},n)}function Q(n,e,t){
if(t.depth>er)return nt({},e,t);let{arms:r,nullable:s}=le(n,t.schemas);return s&&r.length>0?rr(r.length===1&&r[0]?r[0].schema:tr(n,t.schemas),e,t):r.length>1?sr(
r,e,t):nr(r[0]?.schema??A(n,t.schemas),e,t)}function tr(n,e){let{arms:t}=le(n,e);return{anyOf:t.map(({title:r,schema:s})=>({...s,title:r||s.title}))}}function nr(n,e,t){
let[r]=H(n);return r==="object"||r===void 0&&$(n.properties)?zt(n,e,t):r==="array"?Array.isArray(n.items)?cr(n,e,t):dr(n,e,t):nt(n,e,t)}function rr(n,e,t){let r=null,
s=a("div"),o=a("input",{type:"checkbox","aria-label":`${t.label} is null`});o.checked=e===null;let i=c=>{r=o.checked?null:Q(n,c,t),S(s,r?.element)};return o.addEventListener(
"change",()=>{i(P(n,t.schemas)),t.changed()}),i(e),{element:a("div",{class:"nullable"},a("label",{class:"check"},o,"null"),s),value:()=>r?r.value():null}}function sr(n,e,t){
let r=n.map(({schema:d},l)=>[Pt(d,e,t.schemas),l]).sort((d,l)=>l[0]-d[0])[0]?.[1]??0,s=a("select",{"aria-label":`Kind of ${t.label}`},...n.map(({title:d},l)=>a(
"option",{value:String(l)},d||`choice ${l+1}`))),o=a("div",{class:"arm"}),i,c=d=>{i=Q({...(n[Number(s.value)]??{schema:{}}).schema,title:void 0},d,t),S(o,i.element)};
return s.value=String(r),s.addEventListener("change",()=>{c(P(n[Number(s.value)]?.schema??{},t.schemas)),t.changed()}),c(e),{element:a("div",{class:"union"},s,o),
value:()=>i.value()}}function or(n){let e=[],t=(s,o,i)=>{s!==void 0&&s===o?e.push(`exactly ${String(s)}${i}`):s!==void 0&&o!==void 0?e.push(`${String(s)} to ${String(
o)}${i}`):(s!==void 0||o!==void 0)&&e.push(`${s!==void 0?`from ${String(s)}`:`up to ${String(o)}`}${i}`)},r=s=>$(s)||s===void 0||Math.abs(Number(String(s.text??
s)))>=9007199254740991?void 0:s;return n.format===void 0&&t(n.minLength,n.maxLength," characters"),t(r(n.minimum),r(n.maximum),""),Array.isArray(n.items)||t(n.minItems,
n.maxItems," items"),typeof n.format=="string"&&e.push(n.format),n.contentEncoding==="base64"&&e.push("base64"),n.uniqueItems===!0&&e.push("no item twice"),e.join(
" \xB7 ")}function ir(n,e,t,r,s){let o=A(e,s.schemas),i=Oe(s,n),c=a("div",{class:"value"}),d=null,l=E=>{d=Q(e,E,i),S(c,d.element)},g=t?null:a("input",{type:"che\
ckbox","aria-label":`send ${n}`});(t||r!==void 0)&&l(r),g&&(g.checked=r!==void 0,g.addEventListener("change",()=>{g.checked?l(P(e,s.schemas)):S(c,d=null),s.changed()}));
let x=o.default!==void 0?`default ${JSON.stringify(o.default)}`:t?"":"optional",M=typeof o.description=="string"?o.description:"",T=a("div",{class:"member"},a("\
div",{class:"member-head"},g?a("label",{class:"check"},g,a("b",{},n)):a("b",{},n),a("span",{class:"hint"},[x,or(o)].filter(Boolean).join(" \xB7 "))),M?a("p",{class:"\
doc"},re(M)):null,c,Ae(i.pointer));return{name:n,field:()=>d,element:T}}function zt(n,e,t,r=new Set){let s=$(e)?e:{},o=new Set(Array.isArray(n.required)?n.required.
map(String):[]),i=[],c=[],d=new Set(r);for(let[x,M]of Object.entries(p(n.properties))){let T=A(p(M),t.schemas).const;d.has(x)||(d.add(x),T!==void 0&&o.has(x)?i.
push([x,T]):c.push(ir(x,p(M),o.has(x),s[x],t)))}let l=ar(n,Object.entries(s).filter(([x])=>!d.has(x)),t);return{element:a("div",{class:t.depth>0?"object":"objec\
t top",role:"group","aria-label":t.label},...c.map(x=>x.element),l.element,c.length===0&&!l.element?a("p",{class:"quiet"},"nothing to fill in"):null),value:()=>{
let x={};for(let[M,T]of i)W(x,M,T);for(let{name:M,field:T}of c){let E=T()?.value();E!==void 0&&W(x,M,E)}for(let[M,T]of l.members())W(x,M,T);return x}}}function ar(n,e,t){
let r=n.additionalProperties,s=$(r)||r===!0&&Object.keys(p(n.properties)).length===0,o=[],i=a("div"),c=(l,g)=>{let x=Q(p(r),g,Oe(t,l)),M=a("input",{type:"text",
class:"key","aria-label":"name",oninput:t.changed});M.value=l;let T={name:M,field:x,element:a("div",{class:"item"})};L(T.element,a("div",{class:"key-row"},M,a("\
div",{class:"value"},x.element),Me("\xD7",`Remove ${l||"this member"}`,()=>{o.splice(o.indexOf(T),1),T.element.remove(),t.changed()})),Ae(`${t.pointer}/${l}`)),
o.push(T),i.append(T.element)};e.forEach(([l,g])=>c(l,g));let d=()=>o.map(({name:l,field:g})=>[l.value,g.value()]);return!s&&e.length===0?{element:null,members:d}:
{element:a("div",{class:"list"},i,s?Me("Add a member",`Add a member to ${t.label}`,()=>{c(`key${o.length+1}`,P(p(r),t.schemas)),t.changed()}):null),members:d}}function cr(n,e,t){
let r=Array.isArray(e)?e:[],s=n.items.map(p),o=s.map(d=>A(d,t.schemas).const),i=s.map((d,l)=>o[l]!==void 0?null:Q(d,r[l],Oe(t,l,typeof d.title=="string"?d.title:
`item ${l+1}`))),c=r.slice(s.length);return{element:a("div",{class:t.depth>0?"object":"object top",role:"group","aria-label":t.label},...i.map((d,l)=>d&&a("div",
{class:"member"},a("div",{class:"member-head"},a("b",{},String(s[l]?.title??l))),d.element,Ae(`${t.pointer}/${l}`)))),value:()=>[...i.map((d,l)=>d?d.value():o[l]),
...c]}}function dr(n,e,t){let r=p(n.items),s=[],o=a("div"),i=d=>{let l=s.findIndex(x=>x===d),g=s.splice(l).slice(1).map(({field:x})=>x.value());for(;o.children.
length>l;)o.lastElementChild?.remove();g.forEach(c),t.changed()},c=d=>{let l=Oe(t,s.length,`item ${s.length+1} of ${t.label}`),g=Q(r,d,l),x={field:g,element:a("\
div",{class:"item"})};L(x.element,a("div",{class:"item-row"},a("div",{class:"value"},g.element),Me("\xD7",`Remove ${l.label}`,()=>i(x))),Ae(l.pointer)),s.push(x),
o.append(x.element)};return(Array.isArray(e)?e:[]).forEach(c),{element:a("div",{class:"list",role:"group","aria-label":t.label},o,Me("Add an item",`Add an item \
to ${t.label}`,()=>{c(P(r,t.schemas)),t.changed()})),value:()=>s.map(({field:d})=>d.value())}}function Ie(n,e,t,r,s,o=new Set){let i={schemas:t,changed:r,pointer:"",
label:s,depth:0},c=A(n,t),l=$(c.properties)&&!c.oneOf&&!c.anyOf?zt(c,e,i,o):Q(c,e,i),g=a("div",{class:"form",id:X("form")},l.element);return{element:g,value:l.value,
show:x=>{let M=0,T=new Map;for(let E of g.querySelectorAll(".problem"))T.set(E.dataset.at??"",E),E.hidden=!0,E.textContent="";for(let E of g.querySelectorAll("[\
aria-invalid]"))E.removeAttribute("aria-invalid");for(let{at:E,words:q}of x){let C=T.get(E);if(!C){M++;continue}C.textContent=C.textContent?`${C.textContent}. ${q}`:
q,C.hidden=!1,C.parentElement?.querySelector(":scope input:not([type=checkbox]), :scope textarea, :scope select")?.setAttribute("aria-invalid","true")}return M}}}var _e=class{constructor(e){this.actions=e;this.#d=new Te("The frame as JSON",()=>this.#M()),f("editor-place").append(this.#d.element),this.#e.addEventListener(
"change",()=>this.#b()),this.#r.addEventListener("input",()=>this.#y()),this.#a.addEventListener("click",()=>this.send()),f("example").addEventListener("click",
()=>this.#b()),f("copy-frame").addEventListener("click",()=>void ue(this.#d.text)),f("compose").addEventListener("keydown",t=>{t.key==="Enter"&&(t.ctrlKey||t.metaKey)&&
(t.preventDefault(),this.send())})}#e=f("message");#r=f("target");#o=f("target-row");#l=f("message-about");#i=f("form-place");#s=f("problems");#c=f("refusal");#a=f(
"send");#u=f("auto-ref");#m=f("auto-id");#d;#n=null;#f=[];#h=null;#t;#p="";#w=!1;show(e){this.#n=e,this.#f=[e,...e.topics].flatMap((s,o)=>s.sends.map(i=>({message:i,
channel:s,topic:o>0})));let t=(s,o)=>a("optgroup",{label:s},...this.#f.filter(i=>i.channel===o).sort((i,c)=>Number(i.message.standard)-Number(c.message.standard)).
map(({message:i})=>a("option",{value:String(this.#f.findIndex(c=>c.message===i))},i.label===i.name?i.name:`${i.name}  ${i.label}`)));S(this.#e,...[e,...e.topics].
filter(({sends:s})=>s.length>0).map((s,o)=>t(o===0?`to ${s.name}`:`to topic ${s.name}`,s)));let r=e.contract.envelope;f("ref-row").hidden=r.ref===null,f("id-row").
hidden=r.messageId===null,this.#b()}get#g(){return this.#f[Number(this.#e.value)]}#$(e){return this.#f.findIndex(({message:t})=>t.name===e)}#b(){let{message:e}=this.#g??
{};if(!e){S(this.#i,a("p",{class:"quiet"},"Clients send nothing here."));return}let t=e.standard&&e.name==="subscribe"?void 0:e.examples[0];this.#t=t??this.#v(e),
this.#x(e),this.#y(!1),this.#T(),this.#k()}#v(e){let t=P(e.schema,this.#n?.contract.schemas??{});return $(t)?{...Object.fromEntries(e.tags),...t}:t}#x(e){let t=e.
answers.filter(r=>r!=="error");this.#c.hidden=!0,S(this.#l,e.description?a("p",{},re(e.description)):null,t.length?a("p",{class:"quiet"},"answered by ",a("code",
{},t.join(" | "))):null,e.verb==="answer"?a("p",{class:"quiet"},"an answer to a question of the server: choose it there"):null,e.deprecated?a("p",{class:"warnin\
g"},`Deprecated: ${e.deprecated}`):null)}#y(e=!0){let t=this.#g;if(this.#o.hidden=!t?.topic,!t?.topic||!$(this.#t)||!this.#n)return;S(f("targets"),...this.actions.
topics().map(s=>a("option",{value:s})));let r=this.#n.contract.envelope.topic;!e&&!this.#r.value&&(this.#r.value=this.actions.topics()[0]??t.channel.address??""),
this.#t={...this.#t,[r]:this.#r.value},e&&this.#k()}topicsChanged(){S(f("targets"),...this.actions.topics().map(e=>a("option",{value:e})))}chooseTopic(e){this.#r.
value=e,this.#y()}get#E(){let e=new Set(this.#n?.contract.members??[]);for(let t of Object.keys(p(this.#g?.message.schema.properties)))e.delete(t);return e}#T(){
let{message:e}=this.#g??{};!e||!this.#n||(this.#h=Ie(A(e.schema,this.#n.contract.schemas),this.#t,this.#n.contract.schemas,()=>this.#O(),e.name,this.#E),S(this.#i,
this.#h.element))}#O(){let e=this.#h?.value(),t=this.#E,r=$(this.#t)?Object.entries(this.#t).filter(([s])=>t.has(s)):[];this.#t=$(e)?{...e,...Object.fromEntries(
r)}:e,this.#p="",this.#d.text=N(this.#t),this.#S()}#k(){this.#p="",this.#d.text=N(this.#t),this.#S()}#M(){try{this.#t=K(this.#d.text),this.#p="";let e=$(this.#t)&&
this.#n?this.#t[this.#n.contract.envelope.topic]:void 0;typeof e=="string"&&(this.#r.value=e),this.#T()}catch(e){this.#p=e instanceof Error?e.message:String(e)}
this.#S()}#S(){let{message:e}=this.#g??{},t=this.#p?[{at:"",words:`Is no JSON: ${this.#p}`}]:e&&this.#n?Se(e.schema,this.#n.contract.schemas,this.#t):[];this.#h?.
show(this.#p?[]:t),S(this.#s,...t.map(({at:s,words:o})=>a("li",{},s?a("code",{},s.slice(1).replace(/\//g,".")):null,s?` ${o}`:o))),this.#s.hidden=t.length===0,this.#a.
classList.toggle("risky",t.length>0),this.#a.textContent=t.length>0?"Send anyway":"Send";let r=f("check-state");r.textContent=t.length===0?"fits the contract":t.
length===1?"1 problem":`${t.length} problems`,r.className=`tag ${t.length===0?"good":"bad"}`}live(e){this.#w=e,this.#a.disabled=!e,f("send-hint").textContent=e?
"Ctrl + Enter":"connect first"}send(){if(!this.#w){this.actions.say("Connect first.");return}this.#c.hidden=!0,this.actions.send(this.#p?this.#d.text:te(this.#A()))}#A(){
let e=this.#n?.contract.envelope;if(!e)return this.#t;let t=this.#g?.message.verb==="answer";if(Array.isArray(this.#t)){let s=[...this.#t];return typeof e.ref==
"number"&&this.#u.checked&&!t&&e.ref<s.length&&s[e.ref]!==void 0&&(s[e.ref]=String(this.actions.nextRef())),s}if(!$(this.#t))return this.#t;let r={...this.#t};return typeof e.
ref=="string"&&this.#u.checked&&!(e.ref in r)&&(r[e.ref]=this.actions.nextRef()),e.messageId&&this.#m.checked&&!(e.messageId in r)&&(r[e.messageId]=tt()),r}refused(e,t){
if(this.#c.hidden=!1,!Array.isArray(t)){let{reason:s,detail:o}=$(t)?t:{};S(this.#c,a("b",{},`The server answers ${e}: ${String(s)}`),o===void 0?null:` - ${String(
o)}`,a("p",{class:"quiet"},$e(String(s))));return}let r=t.filter($).map(s=>({at:qt(Array.isArray(s.loc)?s.loc:[]),words:String(s.msg)}));S(this.#c,a("b",{},`The\
 server refuses ${e}`),a("ul",{},...r.map(({at:s,words:o})=>a("li",{},a("code",{},s.slice(1).replace(/\//g,".")),` ${o}`)))),this.#h?.show(r.map(({at:s,words:o})=>({
at:s,words:`Server: ${o}`})))}edit(e,t,r){let s=r===void 0?-1:this.#$(r);if(s>=0&&(this.#e.value=String(s),this.#b()),e===void 0)this.#d.text=t;else{let o=this.#n?.
contract.envelope,i=$(e)?{...e}:e;$(i)&&typeof o?.ref=="string"&&delete i[o.ref],this.#d.text=N(i)}this.#M(),this.focus()}answer(e,t,r){let s=this.#$(e),o=this.#n?.
contract.envelope;s<0||!o||(this.#e.value=String(s),this.#b(),$(this.#t)?(this.#t={...this.#t,...typeof o.ref=="string"?{[o.ref]:t}:{},...r===void 0?{}:{[o.topic]:r}},
this.#k()):Array.isArray(this.#t)&&typeof o.ref=="number"&&(this.#t[o.ref]=t,this.#k()),this.focus())}focus(){(this.#i.querySelector("input, textarea, select")??
this.#d.area).focus()}focusList(){this.#e.focus()}};var lr={session:"Cookie",jwt:"Token",ticket:"Ticket",basic:"Password",anonymous:"Nobody",message:"First message"},Dt="\u2022\u2022\u2022";function st(n){return n.
auth.includes("anonymous")?[["authenticate","frame"]]:[]}function V(n,e="text"){let t=X("field"),r=a("input",{id:t,type:e,autocomplete:"off",spellcheck:"false"});
return{input:r,element:a("div",{class:"field"},a("label",{for:t},n),r)}}function Ut(n,e){let t=X("field"),r=a("select",{id:t},...e.map(([s,o])=>a("option",{value:s},
o)));return{input:r,element:a("div",{class:"field"},a("label",{for:t},n),r)}}function Wt(n,e){let t=n.sends.find(({name:r})=>r==="authenticate");return{...Object.
fromEntries(t?.tags??[["action","authenticate"]]),payload:{token:e}}}function ur(n,e){return`Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${n}:${e}`)))}`}
function fr(n,e){let t=V(`Value of ${n.session_cookie||"the cookie"}`,"password");return t.input.placeholder="empty: the one that the browser has",{element:a("d\
iv",{},a("p",{class:"hint"},"Browsers send a host's cookies to all of its ports: ",a("a",{href:e,target:"_blank",rel:"noopener"},"log in on the application's pa\
ge"),", then connect here."),t.element),credentials:async()=>(t.input.value&&n.session_cookie&&(document.cookie=`${n.session_cookie}=${encodeURIComponent(t.input.
value)}; path=/; samesite=lax`),{query:[],first:[]})}}function hr(n,e){let t=V("Token","password"),r=[["header","in the Authorization header"]];n.sends.some(({name:o})=>o===
"authenticate")&&r.unshift(["frame","in the first frame"]),e.token_cookie&&r.push(["cookie",`in the cookie ${e.token_cookie}`]);let s=Ut("Sent",r);return{element:a(
"div",{},t.element,s.element),credentials:async()=>{let o=t.input.value.trim();return o?s.input.value==="frame"?{query:st(n),first:[Wt(n,o)]}:s.input.value==="h\
eader"?{query:[["playground_authorization",`Bearer ${o}`]],first:[]}:(document.cookie=`${e.token_cookie}=${encodeURIComponent(o)}; path=/; samesite=lax`,{query:[],
first:[]}):{query:[],first:[]}}}}async function pr(n,e){let t={"content-type":"application/json"};e&&(t.authorization=`Bearer ${e}`);let r=await fetch("/playgro\
und/ticket",{method:"POST",headers:t,body:JSON.stringify({path:n})}),s=await r.json().catch(()=>null);if(r.ok&&$(s)&&typeof s.ticket=="string")return s.ticket;let o=$(
s)&&$(s.error)?`${String(s.error.reason)}: ${String(s.error.detail)}`:"";throw new Error(`There is no ticket: ${r.status} ${o}`)}function mr(n,e){let t=V("Token\
 to get it with","password");t.input.placeholder="leave empty to use the cookie";let r=V("Or a ticket that you have","password"),s=[["query","in the URL"]];n.sends.
some(({name:i})=>i==="authenticate")&&s.push(["frame","in the first frame"]);let o=Ut("Sent",s);return{element:a("div",{},a("p",{class:"hint"},`A ticket is fetc\
hed when you connect; it opens one connection within ${e.ticket_lifetime} s.`),t.element,r.element,o.element),credentials:async i=>{let c=r.input.value.trim()||
await pr(i,t.input.value.trim());return r.input.value="",o.input.value==="query"?{query:[["ticket",c]],first:[]}:{query:st(n),first:[Wt(n,c)]}}}}function gr(){let n=V(
"Name"),e=V("Password","password");return{element:a("div",{},n.element,e.element),credentials:async()=>({query:[["playground_authorization",ur(n.input.value,e.input.
value)]],first:[]})}}function rt(n,e=[]){return{element:a("p",{class:"hint"},n),credentials:async()=>({query:e,first:[]})}}function Kt(n){return typeof n=="stri\
ng"?n:$(n)?JSON.stringify(n):n===void 0?"":String(n.text??n)}function br(n){return{type:"object",properties:Object.fromEntries(n.map(({name:e,schema:t})=>[e,t])),
required:n.filter(({required:e})=>e).map(({name:e})=>e)}}function ot(n,e,t){return n.replace(/\{([^}]*)\}/g,(r,s)=>t(Kt(e[s])))}function it(n,e,t,r){let s=br(n),
o={schema:s,form:Ie(s,P(s,e.schemas),e.schemas,()=>{o.valid(),t()},r),valid:()=>{let i=Se(s,e.schemas,o.form.value());return o.form.show(i),i.length===0},values:()=>o.
form.value()};return o}var Re=class{constructor(e,t,r){this.server=e;this.actions=r;this.#a=t.flatMap(({endpoints:o})=>o);let s=t.filter(({endpoints:o})=>o.length>
0).map(o=>a("optgroup",{label:o.title},...o.endpoints.map(i=>a("option",{value:String(this.#a.indexOf(i))},`${i.name}  ${i.address}`))));S(this.#e,...s),this.#e.
addEventListener("change",()=>this.#p()),this.#c.addEventListener("click",()=>void this.toggle()),f("connect-form").addEventListener("submit",o=>{o.preventDefault(),
this.toggle()}),this.#a.length&&this.#p()}#e=f("endpoint");#r=f("endpoint-about");#o=f("parameters");#l=f("auth");#i=f("recovery");#s=f("url");#c=f("connect");#a;#u=null;#m=rt(
"");#d=null;#n=null;#f=!1;get#h(){return this.#a[Number(this.#e.value)]}get#t(){return`${this.server.tls?"https":"http"}://${location.hostname}:${this.server.port}`}#p(){
let e=this.#h;f("docs").href=`/docs/${encodeURIComponent(e.contract.name)}`,S(this.#r,e.description?a("p",{},re(e.description)):null,e.limits.length?a("p",{class:"\
quiet"},e.limits.join(" \xB7 ")):null);let t=[...e.path,...e.query];this.#u=t.length?it(t,e.contract,()=>this.#y(),"URL parameters"):null,S(this.#o,this.#u?.form.
element),this.#w(e),this.#$(e),this.#y(),this.actions.chosen(e)}#w(e){let t=e.auth.length?[...e.auth]:["anonymous"];e.sends.some(({authenticates:i})=>i)&&t.unshift(
"message");let r=a("div",{class:"auth-place"}),s=i=>{this.#m=this.#g(i,e),S(r,this.#m.element)},o=a("div",{class:"segments",role:"radiogroup","aria-label":"Who \
you are"},...t.map((i,c)=>{let d=a("input",{type:"radio",name:"auth",value:i,onchange:()=>s(i)});return d.checked=c===0,a("label",{},d,a("span",{},lr[i]??i))}));
S(this.#l,o,r),s(t[0]??"anonymous")}#g(e,t){switch(e){case"session":return fr(this.server,this.#t);case"jwt":return hr(t,this.server);case"ticket":return mr(t,this.
server);case"basic":return gr();case"message":return rt(`Connect, then send ${t.sends.filter(({authenticates:r})=>r).map(({label:r})=>r).join(" or ")} as the fi\
rst message.`,st(t));default:return rt("Everybody may come in without saying who they are.")}}#$(e){if(this.#d=this.#n=null,S(this.#i),!e.recovers)return;let t=V(
"epoch"),r=V("seq");r.input.inputMode="numeric",[this.#d,this.#n]=[t.input,r.input];for(let s of[t,r])s.input.addEventListener("input",()=>this.#y());L(this.#i,
a("details",{},a("summary",{},"Recover what was missed"),a("p",{class:"hint"},"The position of the last message that was seen; the log's rows have it. Empty: on\
ly what is live."),a("div",{class:"pair"},t.element,r.element)))}recoverFrom(e){if(!this.#d||!this.#n)return;this.#d.value=e.epoch,this.#n.value=e.seq;let t=this.#i.
querySelector("details");t&&(t.open=!0),this.#y()}get#b(){return ot(this.#h.address,this.#u?.values()??{},encodeURIComponent)}get#v(){return!!this.#d?.value}#x(e){
let t=this.#u?.values()??{},r=this.#h.query.filter(({name:o})=>t[o]!==void 0).map(({name:o})=>[o,Kt(t[o])]);this.#v&&r.push(["epoch",this.#d?.value??""],["seq",
this.#n?.value??"0"]);let s=[...r,...e].map(([o,i])=>`${encodeURIComponent(o)}=${i===Dt?i:encodeURIComponent(i)}`).join("&");return`${this.#t.replace(/^http/,"w\
s")}${this.#b}${s?`?${s}`:""}`}#y(){this.#s.textContent=this.#x([])}async toggle(){if(this.#f){this.actions.disconnect();return}if(this.#a.length===0)return;this.#u?.
valid();let e=this.#h;this.#c.disabled=!0;try{let{query:t,first:r}=await this.#m.credentials(this.#b);this.actions.connect({endpoint:e,first:r,recovers:this.#v,
url:this.#x(t),shown:this.#x(t.map(([s,o])=>[s,s==="authenticate"?o:Dt]))})}catch(t){this.actions.failed(t)}finally{this.#c.disabled=!1}}live(e){this.#f=e,this.#c.
textContent=e?"Disconnect":"Connect",this.#c.classList.toggle("primary",!e)}};var U=n=>Array.isArray(n)?n:[],_=n=>typeof n=="string"?n:"",se=n=>(_(p(n).$ref).split("/").pop()??"").replace(/~1/g,"/").replace(/~0/g,"~");function yr(n,e){let t=A(
n,e);return(Array.isArray(t.items)?Object.entries(t.items):Object.entries(p(t.properties))).map(([s,o])=>[s,A(p(o),e).const]).filter(([,s])=>s!==void 0)}function wr(n,e,t){
let r=p(e.payload),s=yr(r,t);return{name:n,schema:r,tags:s,answers:[],verb:"",label:s.map(([,o])=>String(o)).join(" \xB7 ")||_(e.title)||n,description:_(e.description),
deprecated:_(e["x-deprecated"]),standard:U(e.tags).some(o=>p(o).name==="standard"),authenticates:e["x-authenticates"]===!0,examples:U(e.examples).map(o=>p(o).payload)}}
function $r(n,e){let t=p(p(p(e.schemas)["envelope-members"]).properties),r=p(n["x-envelope"]),s=_(p(p(e.correlationIds).ref).location).split("#/")[1],o=c=>_(r[c])||
c,i=s===void 0?null:/^\d+$/.test(s)?Number(s):s;return{ref:i,refIsNumber:typeof i=="string"&&p(t[i]).type==="integer",topic:o("topic"),seq:o("seq"),epoch:o("epo\
ch"),messageId:o("message_id")in t?o("message_id"):null}}function vr(n){if(n.frameBytes!==void 0)return`frames of ${n.frameBytes} bytes at most`;let e=n.burst&&
n.burst!==n.count?`, ${n.burst} at once`:"";return`${_(n.message)||"all frames"}: ${n.count} per ${Number(n.periodMs)/1e3} s${e}`}var at=class{contract;#e;#r;#o;constructor(e,t){
let r=p(t.components),s=p(t.info),o=p(r.schemas);this.#e=p(r.messages),this.#r=p(t.channels),this.#o=Object.entries(p(t.operations)).map(([i,c])=>[i,p(c)]),this.
contract={name:e,schemas:o,title:_(s.title)||e,version:_(s.version),description:_(s.description),envelope:$r(t,r),members:new Set(Object.keys(p(p(o["envelope-me\
mbers"]).properties))),endpoints:[]},this.contract.endpoints=Object.keys(this.#r).filter(i=>!this.#r[i]?.["x-topic"]).map(i=>this.#a(i))}#l(e,t){let r=se(p(e.messages)[se(
t)]),s=this.#e[r];return s?wr(r,s,this.contract.schemas):null}#i(e){let t=p(this.#r[e]),r={name:_(t.title)||e,description:_(t.description),sends:[],hears:[],asks:new Map,
limits:U(t["x-limits"]).map(o=>vr(p(o)))},s=(o,i,c,d=[])=>{let l=this.#l(t,i),g=l&&o.find(({name:x})=>x===l.name);g?g.answers.push(...d):l&&o.push({...l,verb:c,
answers:d})};for(let[o,i]of this.#o){if(se(i.channel)!==e.replace(/~/g,"~")&&se(i.channel)!==e)continue;let c=o.slice(e.length+1).split("-")[0]??"",d=U(p(i.reply).
messages),l=d.map(se);for(let g of U(i.messages))i.action==="receive"?(s(r.sends,g,c,l),d.forEach(x=>s(r.hears,x,"reply"))):(s(r.hears,g,c),l.length&&r.asks.set(
se(g),l),d.forEach(x=>s(r.sends,x,"answer")))}return r}#s(e,t,r){return Object.entries(p(e)).map(([s,o])=>({name:s,schema:r(p(o)),required:t(s)}))}#c(e){let t=p(
p(this.#r[e])["x-topic"]);return{...this.#i(e),address:_(t.address),keeps:U(t.history).length>0,presence:t.presence!==void 0,parameters:this.#s(t.parameters,()=>!0,
r=>r)}}#a(e){let t=p(this.#r[e]),r=p(p(t.bindings).ws),s=p(r.query),o=new Set(U(s.required)),i=this.#s(s.properties,l=>o.has(l),l=>l),c=i.some(({name:l,schema:g})=>l===
"epoch"&&_(g.description).startsWith("Beside seq")),d=p(p(p(r.headers).properties)["Sec-WebSocket-Protocol"]).enum;return{...this.#i(e),contract:this.contract,address:_(
t.address),recovers:c,path:this.#s(t.parameters,()=>!0,l=>p(l["x-schema"]??{type:"string"})),query:c?i.filter(({name:l})=>l!=="epoch"&&l!=="seq"):i,auth:U(t["x-\
auth"]).map(String),subprotocols:U(d).map(String),topics:Object.keys(this.#r).filter(l=>l.startsWith(`${e}.`)).map(l=>this.#c(l))}}};function xr(n,e){return new at(
n,p(e)).contract}async function Bt(n){let e=await fetch(n);if(!e.ok)throw new Error(`${n}: ${e.status}`);return K(await e.text())}async function Jt(){let n=await Bt(
"/playground/server.json"),e=await Promise.all(n.contracts.map(async t=>xr(t,await Bt(`/playground/asyncapi/${encodeURIComponent(t)}.json`))));return{server:n,contracts:e}}
function Pe(n,e){if(!$(e)&&!Array.isArray(e))return;let t=e;return n.filter(({tags:r})=>r.length>0&&r.every(([s,o])=>t[s]===o)).sort((r,s)=>s.tags.length-r.tags.
length)[0]}var kr=2e3,Vt=2e5;function ee(n,e="",t=""){return a("span",{class:`tag ${e}`,title:t||void 0},n)}function Sr(n){if(n.direction==="note"||!$(n.frame))return n.direction===
"note"?n.text:n.text.slice(0,200);let{payload:e}=n.frame;return n.label==="error"&&$(e)?[e.reason,e.detail].filter(t=>t!==void 0).map(String).join(": "):n.label===
"error"&&Array.isArray(e)?e.filter($).map(t=>`${Array.isArray(t.loc)?t.loc.join("."):""}: ${String(t.msg)}`).join("; "):e===void 0?"":N(e).replace(/\s*\n\s*/g,"\
 ").slice(0,200)}var je=class{constructor(e){this.actions=e;this.#o.addEventListener("input",()=>this.#n());for(let r of document.querySelectorAll("[data-direct\
ion]"))r.addEventListener("click",()=>{this.#a=r.dataset.direction??"all";for(let s of document.querySelectorAll("[data-direction]"))s.setAttribute("aria-presse\
d",String(s===r));this.#n()});let t=f("show-standard");t.addEventListener("change",()=>{this.#u=t.checked,this.#n()}),f("clear-log").addEventListener("click",()=>this.
clear()),f("copy-log").addEventListener("click",()=>void ue(this.#m().map(r=>`${r.at.toISOString()} ${r.direction==="in"?"<-":r.direction==="out"?"->":"--"} ${r.
text}`).join(`
`)))}#e=f("log");#r=f("rows");#o=f("filter");#l=f("log-count");#i=f("log-empty");#s=[];#c=new Map;#a="all";#u=!0;clear(){this.#s.length=0,this.#c.clear(),S(this.#r),
this.#f()}#m(){return this.#s.filter(e=>this.#d(e))}#d(e){if(this.#a!=="all"&&e.direction!==this.#a||!this.#u&&e.message?.standard&&e.tone!=="bad")return!1;let t=`${e.
label} ${e.topic??""} ${e.text}`.toLowerCase();return this.#o.value.toLowerCase().split(/\s+/).filter(Boolean).every(r=>r.startsWith("-")&&r.length>1?!t.includes(
r.slice(1)):t.includes(r))}#n(){for(let[e,t]of this.#c)t.hidden=!this.#d(e);this.#f()}#f(){let e=this.#m().length;this.#l.textContent=e===this.#s.length?`${e}`:
`${e} of ${this.#s.length}`,this.#i.hidden=this.#s.length>0}add(e){let t=this.#e,r=t.scrollHeight-t.scrollTop-t.clientHeight<60;this.#s.push(e);let s=this.#h(e);
if(this.#c.set(e,s),s.hidden=!this.#d(e),this.#r.append(s),this.#s.length>kr){let o=this.#s.shift();o&&(this.#c.get(o)?.remove(),this.#c.delete(o))}this.#f(),r&&
(t.scrollTop=t.scrollHeight)}change(e){let r=this.#c.get(e)?.querySelector(".row-head");r&&S(r,...this.#t(e))}#h(e){let t=a("li",{class:`row ${e.direction} ${e.
tone??""}${e.recovered?" recovered":""}`,"data-action":e.label});if(e.direction==="note")return L(t,a("div",{class:"row-head still"},...this.#t(e)),Er(e)),t;let r=a(
"div",{class:"row-body",hidden:!0}),s=a("button",{type:"button",class:"row-head","aria-expanded":"false",onclick:()=>{r.hidden=!r.hidden,s.setAttribute("aria-ex\
panded",String(!r.hidden)),!r.hidden&&!r.firstChild&&L(r,...this.#p(e)),r.hidden||t.scrollIntoView({block:"nearest"})}},...this.#t(e));return L(t,s,r),t}#t(e){let t=[];
e.topic&&t.push(ee(e.topic,"topic","topic")),e.recovered&&t.push(ee("recovered","good","missed before, sent again in order")),e.position&&t.push(ee(`#${e.position.
seq}`,"",`seq ${e.position.seq} of epoch ${e.position.epoch}`)),e.mine&&t.push(ee("mine","","is_mine: from this user")),e.asks&&t.push(ee("question","warn","the\
 server waits for an answer"));for(let o of e.answers??[])t.push(ee(`${o.label} ${et(o.after)}`,o.bad?"bad":"good","answered"));e.after!==void 0&&t.push(ee(`to ${e.
ref??""} in ${et(e.after)}`,"",`answers ${e.answered?.label??""}`));let r=e.direction==="in"?"\u2190":e.direction==="out"?"\u2192":"\xB7",s=e.direction==="in"?"\
received":e.direction==="out"?"sent":"note";return[a("span",{class:"arrow",role:"img","aria-label":s},r),e.direction==="note"?a("span"):a("b",{class:"action"},e.
label),a("span",{class:"tags"},...t),a("span",{class:"sum"},Sr(e)),a("span",{class:"meta"},e.direction==="note"?"":Ct(e.bytes)),a("time",{class:"meta",datetime:e.
at.toISOString()},Lt(e.at))]}#p(e){let t=e.frame===void 0?e.text:N(e.frame),r=a("div",{class:"tools"}),s=(c,d)=>L(r,a("button",{type:"button",class:"small",onclick:d},
c));s("Copy",()=>void ue(e.text)),e.direction==="out"&&(s("Resend",()=>this.actions.resend(e)),s("Edit",()=>this.actions.edit(e))),e.position&&s("Recover from h\
ere",()=>this.actions.recoverFrom(e));for(let c of e.asks??[])s(`Answer ${c}`,()=>this.actions.answer(e,c));let o=Tr(e),i=t.length>Vt?`${t.slice(0,Vt)}
\u2026`:t;return[...o?[o]:[],a("pre",{class:"json",tabindex:"0"},Ee(i)),r]}};function Er(n){if(!/^\d{4}$/.test(n.label))return null;let{title:e,words:t,next:r}=we(
Number(n.label));return a("p",{class:"explain"},a("b",{},`${n.label} ${e}. `),`${t} ${r}`)}function Tr(n){let e=$(n.frame)?n.frame.payload:void 0,t=n.label==="e\
rror"&&$(e)?$e(String(e.reason)):n.label==="error"?"The frame broke the contract. The connection stays open.":"",r=n.message?.description??"";return t||r?a("p",
{class:"explain"},t||r):null}var Mr=new TextEncoder,Ne=class{constructor(e){this.watcher=e}state="idle";plan=null;closed=null;topics=new Map;rosters=new Map;positions=new Map;#e=null;#r=0;#o=0;#l=new Map;#i=new Set;get endpoint(){
return this.plan?.endpoint??null}connect(e){this.close(),this.plan=e,this.closed=null,this.topics.clear(),this.rosters.clear(),this.#l.clear(),this.#i.clear(),e.
recovers?this.#i.add(""):this.positions.clear(),this.#u(`Connecting to ${e.shown}`);let t;try{t=e.endpoint.subprotocols.length?new WebSocket(e.url,e.endpoint.subprotocols):
new WebSocket(e.url)}catch(r){this.#u(r instanceof Error?r.message:String(r),"bad"),this.#a("closed");return}this.#e=t,t.binaryType="arraybuffer",t.onopen=()=>this.#s(
t),t.onmessage=({data:r})=>t===this.#e&&this.#h(r),t.onclose=({code:r,reason:s,wasClean:o})=>t===this.#e&&this.#c(r,s,o),this.#a("connecting")}close(){this.state!==
"connecting"&&this.state!=="open"&&this.state!=="live"||(this.#a("closing"),this.#e?.close(1e3))}#s(e){if(e!==this.#e)return;this.#u(e.protocol?`Open, speaking ${e.
protocol}`:"Open","good");let t=this.endpoint?.hears.some(({name:r})=>r==="authentication");this.#a(t?"open":"live"),this.plan?.first.forEach(r=>this.send(te(r)))}#c(e,t,r){
this.closed={code:e,reason:t,clean:r};for(let s of this.topics.values())s.state!=="refused"&&(s.state="leaving");this.topics.clear(),this.rosters.clear(),this.#a(
"closed"),this.#u(`Closed with ${e}${t?`: ${t}`:""}`,e===1e3||e===1001?void 0:"bad",String(e)),this.watcher.side()}#a(e){this.state=e,this.watcher.state()}#u(e,t,r=""){
let s={number:++this.#r,direction:"note",at:new Date,text:e,bytes:0,label:r,tone:t};this.watcher.entry(s)}nextRef(){return this.#o++,this.endpoint?.contract.envelope.
refIsNumber?this.#o:`p${this.#o}`}get canSend(){return this.#e!==null&&(this.state==="open"||this.state==="live")}send(e){if(!this.canSend||!this.#e)return null;
let t=this.#n("out",e);return this.#e.send(e),t.ref!==void 0&&!this.#m(t)&&(t.answers=[],this.#l.set(t.ref,t)),this.#d(t),this.watcher.entry(t),t}#m(e){return e.
message?.verb==="answer"}#d(e){let{topic:t,message:r}=e;if(!t||!r?.standard)return;let s=this.topics.get(t);if(r.name==="subscribe"&&$(e.frame)){this.topics.set(
t,{name:t,state:s?.state==="subscribed"?"subscribed":"subscribing",why:"",frames:s?.frames??0});let o=e.frame.payload;$(o)&&o.epoch&&this.#i.add(t)}else r.name===
"unsubscribe"&&s&&(s.state="leaving");this.watcher.side()}#n(e,t){let r={number:++this.#r,direction:e,at:new Date,text:t,bytes:Mr.encode(t).length,label:"not JS\
ON"};try{r.frame=K(t)}catch{return r.tone="bad",r}r.label="unknown";let{endpoint:s}=this;if(!s)return r;let o=s.contract.envelope,i=$(r.frame)||Array.isArray(r.
frame)?r.frame:{},c=g=>g==null||typeof g=="object"?void 0:String(g);r.topic=c(i[o.topic]),r.ref=o.ref===null?void 0:c(i[o.ref]);let d=c(i[o.seq]),l=c(i[o.epoch]);
return d!==void 0&&l!==void 0&&e==="in"&&(r.position={seq:d,epoch:l}),r.mine=i.is_mine===!0,this.#f(r,s,e),r}#f(e,t,r){let s=e.topic===void 0?void 0:t.topics.find(
({address:i})=>Or(i,e.topic??"")),o=i=>r==="in"?i.hears:i.sends;if(e.channelTopic=s,e.message=(s&&Pe(o(s),e.frame))??Pe(o(t),e.frame),!e.message)for(let i of t.
topics)e.message??=Pe(o(i),e.frame);if(e.message)e.label=e.message.label,e.asks=r==="in"?(s??t).asks.get(e.message.name):void 0,e.message.name==="error"&&e.message.
standard&&(e.tone="bad");else if($(e.frame)){let i=Object.entries(e.frame).find(([c])=>c==="action"||c==="type");e.label=i?`${String(i[1])} (not in the contract\
)`:"unknown",e.tone="warn"}}#h(e){if(typeof e!="string"){let r=e instanceof ArrayBuffer?e.byteLength:0;this.#u(`A binary frame of ${r} bytes`,"warn");return}let t=this.#n(
"in",e);this.#t(t),this.#p(t),this.#w(t),this.watcher.entry(t)}#t(e){let t=e.ref===void 0||e.asks?void 0:this.#l.get(e.ref);t&&(e.answered=t,e.after=e.at.getTime()-
t.at.getTime(),t.answers?.push({label:e.label,after:e.after,bad:e.message?.name==="error"}),this.watcher.changed(t))}#p(e){let{topic:t,position:r}=e,s=t===void 0?
void 0:this.topics.get(t);if(s&&!e.message?.standard&&s.frames++,r){let o=t??"";e.recovered=this.#i.has(o),this.positions.set(o,r)}(s||r)&&this.watcher.side()}#w(e){
if(!e.message?.standard||!$(e.frame))return;let t=$(e.frame.payload)?e.frame.payload:{};switch(e.message.name){case"authentication":e.tone=t.status_code===200?"\
good":"bad",t.status_code===200&&this.#a("live");break;case"subscribed":this.#g(e,t);break;case"unsubscribed":this.topics.delete(e.topic??"");break;case"recover\
ed":this.#$(e,t);break;case"presence_state":case"presence_diff":this.#b(t,e.message.name==="presence_state");break;case"error":this.#v(e,t);break;case"draining":
e.tone="warn";break}this.watcher.side()}#g(e,t){let r=e.topic??"";e.tone="good",this.topics.set(r,{name:r,state:"subscribed",why:"",frames:this.topics.get(r)?.frames??
0}),t.recovered===!1&&(e.tone="warn",this.#i.delete(r)),t.epoch!==void 0&&t.seq!==void 0&&t.recovered!==!0&&this.positions.set(r,{epoch:String(t.epoch),seq:String(
t.seq)})}#$(e,t){let r=e.topic??"";this.#i.delete(r),e.tone=t.recovered===!1?"warn":"good",t.epoch!==void 0&&t.seq!==void 0&&this.positions.set(r,{epoch:String(
t.epoch),seq:String(t.seq)})}#b(e,t){let r=String(e.group??""),s=t?{group:r,count:0,users:new Map}:this.rosters.get(r)??{group:r,count:0,users:new Map},o=i=>Array.
isArray(i)?i.filter($):[];for(let i of[...o(e.users),...o(e.joins)])s.users.set(String(i.id),{connections:Number(i.connections??1),info:i.info});for(let i of Array.
isArray(e.leaves)?e.leaves:[])s.users.delete(String($(i)?i.id:i));s.count=Number(e.count??s.users.size),this.rosters.set(r,s)}#v(e,t){let r=e.topic===void 0?void 0:
this.topics.get(e.topic);r&&r.state==="subscribing"&&(r.state="refused",r.why=[t.reason,t.detail].filter(Boolean).map(String).join(": "))}};function Or(n,e){let t=n.
split(/\{[^}]*\}/).map(r=>r.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")).join(".+");return new RegExp(`^${t}$`,"su").test(e)}var qe=class{constructor(e,t){this.session=e;this.actions=t;this.#e.addEventListener("change",()=>this.#a()),f("topic-form").addEventListener("submit",r=>{r.preventDefault();
let s=this.#l[Number(this.#e.value)];s&&this.session.canSend&&this.actions.subscribe(this.#c(s),void 0)})}#e=f("topic-kind");#r=f("topic-parameters");#o=f("subs\
cribe");#l=[];#i=null;#s=null;show(e){this.#s=e,this.#l=e.topics,f("topics-panel").hidden=this.#l.length===0,S(this.#e,...this.#l.map(({name:t,address:r},s)=>a(
"option",{value:String(s)},`${t}  ${r}`))),this.#l.length&&this.#a(),this.update()}#c(e){return ot(e.address,this.#i?.values()??{},encodeURIComponent)}#a(){let e=this.#l[Number(
this.#e.value)];this.#i=e?.parameters.length&&this.#s?it(e.parameters,this.#s.contract,()=>{},"Parameters of the topic"):null,S(this.#r,this.#i?.form.element)}update(){
this.#o.disabled=!this.session.canSend,S(f("topics"),...[...this.session.topics.values()].map(({name:e,state:t,why:r,frames:s})=>{let o=this.session.positions.get(
e);return a("li",{"data-topic":e},a("div",{class:"side-head"},a("code",{},e),a("span",{class:`tag ${t==="subscribed"?"good":t==="refused"?"bad":"warn"}`},t)),a(
"p",{class:"quiet"},r||`${s} ${s===1?"frame":"frames"}${o?` \xB7 seq ${o.seq}`:""}`),a("div",{class:"tools"},a("button",{type:"button",class:"small",onclick:()=>this.
actions.sendTo(e)},"Send to it"),t==="subscribed"?a("button",{type:"button",class:"small",onclick:()=>this.actions.unsubscribe(e)},"Unsubscribe"):null))}),...this.#u()),
this.#m(),this.#d()}#u(){return[...this.session.positions].filter(([e])=>e!==""&&!this.session.topics.has(e)).map(([e,t])=>a("li",{},a("div",{class:"side-head"},
a("code",{},e),a("span",{class:"tag"},"left")),a("p",{class:"quiet"},`seen up to seq ${t.seq}`),this.session.canSend?a("div",{class:"tools"},a("button",{type:"b\
utton",class:"small",onclick:()=>this.actions.subscribe(e,t)},"Subscribe, recover")):null))}#m(){let e=[...this.session.rosters.values()];f("presence-panel").hidden=
e.length===0,S(f("presence"),...e.map(({group:t,count:r,users:s})=>a("li",{},a("div",{class:"side-head"},a("code",{},t),a("span",{class:"tag"},`${r} here`)),a("\
ul",{class:"users"},...[...s].map(([o,{connections:i,info:c}])=>a("li",{},a("b",{},o||"somebody"),i>1?a("span",{class:"tag"},`\xD7 ${i}`):null,c==null?null:a("c\
ode",{},N(c).replace(/\s+/g," "))))))))}#d(){let e=this.session.positions.get("");f("stream-panel").hidden=!e,e&&S(f("stream"),a("p",{class:"quiet"},"Seen up to\
 ",a("code",{},`seq ${e.seq}`)," of epoch ",a("code",{},e.epoch)),a("button",{type:"button",class:"small",onclick:()=>this.actions.reconnectFrom(e)},"Reconnect \
and recover"))}};var Ar={idle:"not connected",connecting:"connecting",open:"authenticating",live:"connected",closing:"closing",closed:"closed"};function Ir(){let n=document.documentElement,
e=(()=>{try{return localStorage.getItem("theme")}catch{return null}})();(e==="light"||e==="dark")&&(n.dataset.theme=e),f("theme").addEventListener("click",()=>{
let t=getComputedStyle(n).colorScheme==="dark";n.dataset.theme=t?"light":"dark";try{localStorage.setItem("theme",n.dataset.theme)}catch{}})}function _r(){let n=[
...document.querySelectorAll("[data-part]")],e=t=>{document.body.dataset.part=t;for(let r of n)r.setAttribute("aria-pressed",String(r.dataset.part===t))};for(let t of n)
t.addEventListener("click",()=>e(t.dataset.part??"connection"));return e("connection"),e}var ct=class{#e;#r;#o;#l;#i;#s=_r();#c=null;constructor(e,t){this.#e=new Ne(
{state:()=>this.#h(),entry:r=>{this.#r.add(r),r.answered&&r.message?.name==="error"&&$(r.frame)&&this.#o.refused(r.ref??"",r.frame.payload)},changed:r=>this.#r.
change(r),side:()=>this.#m()}),this.#r=new je({resend:r=>void this.#e.send(r.text),edit:r=>{this.#s("compose"),this.#o.edit(r.frame,r.text,r.message?.name)},answer:(r,s)=>{
this.#s("compose"),this.#o.answer(s,r.ref,r.topic)},recoverFrom:r=>{r.position&&(r.topic!==void 0&&this.#e.endpoint?.topics.length?(this.#e.topics.has(r.topic)&&
this.#n("unsubscribe",r.topic),this.#f(r.topic,r.position)):this.#l.recoverFrom(r.position))}}),this.#o=new _e({send:r=>this.#e.send(r)!==null,nextRef:()=>this.#e.
nextRef(),topics:()=>[...this.#e.topics.keys()],say:r=>this.#t(r)}),this.#i=new qe(this.#e,{subscribe:(r,s)=>this.#f(r,s),unsubscribe:r=>this.#n("unsubscribe",r),
sendTo:r=>{this.#s("compose"),this.#o.chooseTopic(r),this.#o.focusList()},reconnectFrom:r=>{this.#l.recoverFrom(r),this.#e.close(),this.#u(()=>this.#l.toggle())}}),
this.#l=new Re(e,t,{chosen:r=>this.#a(r),connect:r=>{this.#e.connect(r),this.#s("compose")},disconnect:()=>this.#e.close(),failed:r=>this.#t(r instanceof Error?
r.message:String(r))}),this.#p(),this.#h()}#a(e){this.#c=e,this.#o?.show(e),this.#i?.show(e)}async#u(e){for(let t=0;t<100&&this.#e.state!=="closed";t++)await new Promise(
r=>setTimeout(r,50));e()}#m(){this.#i.update(),this.#o.topicsChanged()}#d(e){let{topics:t=[],sends:r=[]}=this.#e.endpoint??{};return[...r,...t.flatMap(s=>s.sends)].
find(s=>s.standard&&s.name===e)}#n(e,t,r){let s=this.#d(e),o=this.#e.endpoint?.contract.envelope;!s||!o||this.#e.send(te({...Object.fromEntries(s.tags),[o.topic]:t,
...typeof o.ref=="string"?{[o.ref]:this.#e.nextRef()}:{},...r===void 0?{}:{payload:r}}))}#f(e,t){this.#n("subscribe",e,t&&{epoch:t.epoch,seq:Number(t.seq)})}#h(){
let{state:e,closed:t}=this.#e,r=e==="open"||e==="live"||e==="connecting",s=f("state");s.textContent=Ar[e],s.dataset.state=e,this.#l?.live(r),this.#o?.live(this.#e.
canSend);let o=f("closed");if(o.hidden=!t,t){let i=we(t.code);o.className=`closed ${i.bad?"bad":""}`,S(o,a("b",{},`${t.code} ${i.title}`),t.reason?a("q",{},t.reason):
null,a("p",{},`${i.words} ${i.next}`))}this.#i?.update()}#t(e){let t=f("toast");t.textContent=e,t.hidden=!1,setTimeout(()=>{t.hidden=t.textContent===e},6e3)}#p(){
let e=f("help");f("help-button").addEventListener("click",()=>e.showModal());let t={"?":()=>e.showModal(),c:()=>void this.#l.toggle(),m:()=>{this.#s("compose"),
this.#o.focusList()},j:()=>{this.#s("compose"),f("editor-place").querySelector("textarea")?.focus()},"/":()=>{this.#s("log"),f("filter").focus()},l:()=>this.#r.
clear()};document.addEventListener("keydown",r=>{let s=r.target;if(r.ctrlKey||r.metaKey||r.altKey||e.open||/^(INPUT|TEXTAREA|SELECT)$/.test(s.tagName))return;let o=t[r.
key];o&&(r.preventDefault(),o())})}get endpoint(){return this.#c}};function Rr(){S(f("codes"),...St.map(([n,{title:e,words:t,next:r}])=>a("div",{},a("dt",{},a("\
code",{},String(n)),` ${e}`),a("dd",{},`${t} ${r}`))))}async function Pr(){Ir(),Rr();let{server:n,contracts:e}=await Jt(),t=e.find(({endpoints:s})=>s.length>0)?.
title??n.program;if(f("title").textContent=t,document.title=`${t} \xB7 playground`,e.every(({endpoints:s})=>s.length===0)){f("bare").hidden=!1,S(f("bare-consume\
rs"),...n.consumers.map(({contract:s,name:o})=>a("li",{},a("code",{},`${s}.${o}`)))),f("panels").hidden=f("docs").hidden=!0,document.documentElement.dataset.ready=
"";return}let r=new ct(n,e);f("endpoint").dispatchEvent(new Event("change")),document.documentElement.dataset.ready=r.endpoint?.name??""}Pr().catch(n=>{let e=f(
"toast");e.textContent=`The server does not say what it serves: ${n instanceof Error?n.message:String(n)}`,e.hidden=!1});
