#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes fixtures.h with independent implementations (PyJWT, cryptography), from the fixed keys in keys/.

Needs: pip install pyjwt cryptography. ES256 signatures are random, so a new run changes them; all else stays. The keys are
for tests only and protect nothing.
"""
import base64
import hashlib
import hmac
import json
import pathlib

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

HERE = pathlib.Path(__file__).parent
KEYS = HERE / "keys"
SECRET = b"the secret of the tests: 32 bytes and more"
NOW = 1700000000
P256_N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ED25519_L = 2**252 + 27742317777372353535851937790883648493


def key(name, make):
    path = KEYS / (name + ".pem")
    if not path.exists():
        path.write_bytes(make().private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                              serialization.NoEncryption()))
    return serialization.load_pem_private_key(path.read_bytes(), None)


def public(private):
    return private.public_key().public_bytes(serialization.Encoding.PEM,
                                             serialization.PublicFormat.SubjectPublicKeyInfo).decode()


RSA = key("rsa2048", lambda: rsa.generate_private_key(65537, 2048))
RSA_B = key("rsa2048_b", lambda: rsa.generate_private_key(65537, 2048))
RSA_SMALL = key("rsa1024", lambda: rsa.generate_private_key(65537, 1024))
EC = key("p256", lambda: ec.generate_private_key(ec.SECP256R1()))
EC_OTHER = key("p256_other", lambda: ec.generate_private_key(ec.SECP256R1()))
EC_384 = key("p384", lambda: ec.generate_private_key(ec.SECP384R1()))
ED = key("ed25519", ed25519.Ed25519PrivateKey.generate)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(alg, text):
    if alg == "HS256":
        return hmac.new(SECRET, text, hashlib.sha256).digest()
    if alg == "RS256":
        return RSA.sign(text, padding.PKCS1v15(), hashes.SHA256())
    if alg == "ES256":
        r, s = decode_dss_signature(EC.sign(text, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return ED.sign(text)


def raw(header, claims, alg="HS256"):
    """A token with exactly these texts, rightly signed: what is wrong with it is not the signature."""
    header = header if isinstance(header, bytes) else header.encode()
    claims = claims if isinstance(claims, bytes) else claims.encode()
    signed = (b64(header) + "." + b64(claims)).encode()
    return signed.decode() + "." + b64(sign(alg, signed))


def claims(**more):
    made = {"sub": "ada", "exp": NOW + 3600}
    made.update(more)
    return {name: value for name, value in made.items() if value is not None}


def with_claims(**more):
    return jwt.encode(claims(**more), SECRET, "HS256")


def forged_hs256(secret, header):
    signed = b64(json.dumps(header).encode()) + "." + b64(json.dumps(claims(sub="admin")).encode())
    return signed + "." + b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())


HS = '{"alg":"HS256","typ":"JWT"}'
GOOD = '{"sub":"ada","exp":1700003600}'
tokens = {}
keys = {
    "rsa": public(RSA), "rsa_b": public(RSA_B), "rsa_1024": public(RSA_SMALL), "p256": public(EC),
    "p384": public(EC_384), "ed25519": public(ED), "p256_private": (KEYS / "p256.pem").read_text(),
}

# What must be accepted.
tokens["hs256"] = with_claims(name="Ada Lovelace")
tokens["rs256"] = jwt.encode(claims(name="Ada Lovelace"), RSA, "RS256")
tokens["es256"] = jwt.encode(claims(name="Ada Lovelace"), EC, "ES256")
tokens["eddsa"] = jwt.encode(claims(name="Ada Lovelace"), ED, "EdDSA")
tokens["hs256_kid_x"] = jwt.encode(claims(), SECRET, "HS256", {"kid": "x"})
tokens["rs256_kid_a"] = jwt.encode(claims(), RSA, "RS256", {"kid": "a"})
tokens["rs256_b_kid_a"] = jwt.encode(claims(), RSA_B, "RS256", {"kid": "a"})
tokens["es256_kid_b"] = jwt.encode(claims(), EC, "ES256", {"kid": "b"})
tokens["iss_aud"] = with_claims(iss="https://id.example", aud="chat")
tokens["aud_list"] = with_claims(aud=["other", "chat"])
tokens["exp_fraction"] = with_claims(exp=NOW + 0.5)
tokens["exp_huge"] = raw(HS, '{"sub":"ada","exp":1e300}')
tokens["no_exp"] = with_claims(exp=None)
tokens["nbf_now"] = with_claims(nbf=NOW)
tokens["typ_at"] = raw('{"alg":"HS256","typ":"AT+JWT"}', GOOD)
tokens["typ_application"] = raw('{"alg":"HS256","typ":"application/jwt"}', GOOD)
tokens["typ_none"] = raw('{"alg":"HS256"}', GOOD)
tokens["sub_nul"] = raw(HS, r'{"sub":"a\u0000b","exp":1700003600}')
tokens["name_null"] = raw(HS, '{"sub":"ada","exp":1700003600,"name":null}')
tokens["nick"] = raw(HS, '{"sub":"ada","exp":1700003600,"name":"Ada","nick":"countess"}')
tokens["spaces"] = raw(' { "alg" : "HS256" } ', ' { "sub" : "ada" , "exp" : 1700003600 } ')

# For servers, which go by today's time.
LONG = '{"sub":"ada","exp":4102444800,"name":"Ada"}'
tokens["long_rs256"] = raw('{"alg":"RS256","kid":"rsa"}', LONG, "RS256")
tokens["long_es256"] = raw('{"alg":"ES256","kid":"p256"}', LONG, "ES256")
tokens["long_eddsa"] = raw('{"alg":"EdDSA","kid":"ed25519"}', LONG, "EdDSA")
tokens["long_wrong_kid"] = raw('{"alg":"RS256","kid":"p256"}', LONG, "RS256")

# What must be refused.
for spelling in ("none", "None", "NONE", "nOnE"):
    head = b64(('{"alg":"%s","typ":"JWT"}' % spelling).encode())
    tokens["alg_" + spelling] = head + "." + b64(GOOD.encode()) + "."
    tokens["alg_" + spelling + "_signed"] = raw('{"alg":"%s","typ":"JWT"}' % spelling, GOOD)
tokens["confusion_rsa"] = forged_hs256(keys["rsa"].encode(), {"alg": "HS256", "typ": "JWT"})
tokens["confusion_p256"] = forged_hs256(keys["p256"].encode(), {"alg": "HS256", "typ": "JWT"})
tokens["confusion_kid"] = forged_hs256(keys["rsa"].encode(), {"alg": "HS256", "kid": "a"})
tokens["hs512"] = jwt.encode(claims(), SECRET + SECRET, "HS512")
tokens["rs512"] = jwt.encode(claims(), RSA, "RS512")
tokens["ps256"] = jwt.encode(claims(), RSA, "PS256")
tokens["es384"] = jwt.encode(claims(), EC_384, "ES384")
tokens["rs256_says_es256"] = raw('{"alg":"ES256"}', GOOD, "RS256")
tokens["no_alg"] = raw('{"typ":"JWT"}', GOOD)
tokens["alg_number"] = raw('{"alg":256}', GOOD)
tokens["alg_lower"] = raw('{"alg":"hs256"}', GOOD)
tokens["other_secret"] = jwt.encode(claims(), b"another secret, also of 32 bytes and more", "HS256")
tokens["other_ec"] = jwt.encode(claims(), EC_OTHER, "ES256")
numbers = EC_OTHER.public_key().public_numbers()
tokens["own_jwk"] = jwt.encode(claims(sub="admin"), EC_OTHER, "ES256", {"jwk": {
    "kty": "EC", "crv": "P-256", "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}})
tokens["kid_path"] = jwt.encode(claims(), b"\0" * 32, "HS256", {"kid": "../../../dev/null"})
tokens["kid_number"] = raw('{"alg":"HS256","kid":1}', GOOD)
tokens["crit"] = raw('{"alg":"HS256","crit":["exp"]}', GOOD)
tokens["crit_empty"] = raw('{"alg":"HS256","crit":[]}', GOOD)
tokens["b64_false"] = raw('{"alg":"HS256","b64":false}', GOOD)
tokens["typ_dpop"] = raw('{"alg":"HS256","typ":"dpop+jwt"}', GOOD)
tokens["typ_logout"] = raw('{"alg":"HS256","typ":"logout+jwt"}', GOOD)
tokens["header_twice"] = raw('{"alg":"HS256","alg":"HS256"}', GOOD)
tokens["header_twice_unknown"] = raw('{"alg":"HS256","x":1,"x":2}', GOOD)
tokens["header_twice_escaped"] = raw(r'{"alg":"HS256","\u0061lg":"HS256"}', GOOD)
tokens["header_list"] = raw('["HS256"]', GOOD)
tokens["header_trailing"] = raw('{"alg":"HS256"}x', GOOD)
tokens["header_nul"] = raw(b'{"alg":"HS256"}\0', GOOD)
tokens["claims_twice"] = raw(HS, '{"sub":"ada","sub":"admin","exp":1700003600}')
tokens["claims_twice_exp"] = raw(HS, '{"sub":"ada","exp":1,"exp":1700003600}')
tokens["claims_twice_unknown"] = raw(HS, '{"sub":"ada","exp":1700003600,"x":1,"x":1}')
tokens["claims_twice_deep"] = raw(HS, '{"sub":"ada","exp":1700003600,"x":{"y":1,"y":1}}')
tokens["claims_list"] = raw(HS, '[{"sub":"ada","exp":1700003600}]')
tokens["claims_not_json"] = raw(HS, "sub=ada")
tokens["claims_comment"] = raw(HS, '{"sub":"ada",/**/"exp":1700003600}')
tokens["claims_not_utf8"] = raw(HS, b'{"sub":"\xff","exp":1700003600}')
tokens["claims_trailing"] = raw(HS, GOOD + GOOD)
tokens["claims_deep"] = raw(HS, '{"sub":"ada","exp":1700003600,"x":' + "[" * 40 + "]" * 40 + "}")
tokens["expired"] = with_claims(exp=NOW - 3600)
tokens["expired_now"] = with_claims(exp=NOW)
tokens["expired_30s_ago"] = with_claims(exp=NOW - 30)
tokens["expired_61s_ago"] = with_claims(exp=NOW - 61)
tokens["exp_text"] = raw(HS, '{"sub":"ada","exp":"1700003600"}')
tokens["exp_null"] = raw(HS, '{"sub":"ada","exp":null}')
tokens["exp_negative"] = raw(HS, '{"sub":"ada","exp":-1}')
tokens["exp_overflow"] = raw(HS, '{"sub":"ada","exp":1e999}')
tokens["nbf_later"] = with_claims(nbf=NOW + 3600)
tokens["nbf_in_30s"] = with_claims(nbf=NOW + 30)
tokens["nbf_text"] = raw(HS, '{"sub":"ada","exp":1700003600,"nbf":"0"}')
tokens["iss_other"] = with_claims(iss="https://id.example.evil", aud="chat")
tokens["aud_other"] = with_claims(iss="https://id.example", aud="chat2")
tokens["aud_others"] = with_claims(aud=["other", "another"])
tokens["aud_empty_list"] = with_claims(aud=[])
tokens["aud_number"] = raw(HS, '{"sub":"ada","exp":1700003600,"aud":5}')
tokens["aud_mixed"] = raw(HS, '{"sub":"ada","exp":1700003600,"aud":["chat",5]}')
tokens["sub_missing"] = with_claims(sub=None)
tokens["sub_empty"] = with_claims(sub="")
tokens["sub_number"] = raw(HS, '{"sub":1,"exp":1700003600}')
for size, count in ((8192, 6083), (8193, 6084)):
    tokens["large_%d" % size] = raw(HS, '{"sub":"ada","exp":1700003600,"x":"' + "x" * (count - 37) + '"}')
    assert len(tokens["large_%d" % size]) == size

# Signatures of the right value in the wrong shape.
head, body, signature = tokens["es256"].split(".")
pair = base64.urlsafe_b64decode(signature + "==")
r, s = int.from_bytes(pair[:32], "big"), int.from_bytes(pair[32:], "big")
signed = head + "." + body + "."
tokens["es256_der"] = signed + b64(EC.sign((head + "." + body).encode(), ec.ECDSA(hashes.SHA256())))
tokens["es256_65"] = signed + b64(pair + b"\0")
tokens["es256_66"] = signed + b64(b"\0" + pair[:32] + b"\0" + pair[32:])
tokens["es256_zero"] = signed + b64(b"\0" * 64)
tokens["es256_n"] = signed + b64(P256_N.to_bytes(32, "big") * 2)
tokens["es256_r_plus_n"] = signed + b64(((r + P256_N) % 2**256).to_bytes(32, "big") + pair[32:])
head, body, signature = tokens["eddsa"].split(".")
pair = base64.urlsafe_b64decode(signature + "==")
s = int.from_bytes(pair[32:], "little") + ED25519_L
tokens["eddsa_s_plus_l"] = head + "." + body + "." + b64(pair[:32] + s.to_bytes(32, "little"))
tokens["eddsa_65"] = head + "." + body + "." + b64(pair + b"\0")
head, body, signature = tokens["hs256"].split(".")
mac = base64.urlsafe_b64decode(signature + "==")
tokens["hs256_31"] = head + "." + body + "." + b64(mac[:31])
tokens["hs256_33"] = head + "." + body + "." + b64(mac + b"\0")
tokens["hs256_empty"] = head + "." + body + "."
head, body, signature = tokens["rs256"].split(".")
number = base64.urlsafe_b64decode(signature + "==")
tokens["rs256_257"] = head + "." + body + "." + b64(b"\0" + number)
tokens["rs256_255"] = head + "." + body + "." + b64(number[1:])


def literal(text, indent):
    """A C string literal in pieces that fit a line."""
    pieces = [text[i:i + 80] for i in range(0, len(text), 80)] or [""]
    return ("\n" + indent).join('"%s"' % piece.replace("\n", "\\n") for piece in pieces)


with open(HERE / "fixtures.h", "w") as out:
    out.write("/* SPDX-License-Identifier: MIT */\n/*\n * Made by make_fixtures.py: do not edit. Keys and tokens of the tests; they protect nothing.\n */\n")
    out.write("/* clang-format off */\n")
    out.write("#ifndef MSGC_TESTS_JWT_FIXTURES_H\n#define MSGC_TESTS_JWT_FIXTURES_H\n\n")
    out.write("#define FIXTURE_NOW    %d\n#define FIXTURE_SECRET \"%s\"\n\n" % (NOW, SECRET.decode()))
    out.write("struct fixture {\n\tconst char *name;\n\tconst char *text;\n};\n\n")
    for array, items in (("fixture_keys", keys), ("fixture_tokens", tokens)):
        out.write("static const struct fixture %s[] = {\n" % array)
        for name, text in items.items():
            out.write("\t{\"%s\",\n\t\t%s},\n" % (name, literal(text, "\t\t")))
        out.write("};\n\n")
    out.write("#endif\n")
