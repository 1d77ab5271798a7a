# SPDX-License-Identifier: MIT
"""A charge point and a bot, by Python's websockets, against a server made from their protocols' contracts; byte for byte."""

import base64
import json
import os
import re
import signal
import subprocess
import time
import unittest

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

NOW = "2026-11-22T05:00:00Z"


class Server:
    def __init__(self):
        self.process = subprocess.Popen(
            [os.environ["FOREIGN"], "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for line in self.process.stdout:
            found = re.search(r"event=listen\.ready .*port=(\d+) .*admin=no", line)
            if found:
                self.base = f"ws://127.0.0.1:{found[1]}"
                break

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=20)
        if self.process.returncode != 0:
            raise AssertionError(f"the server has ended with {self.process.returncode}: {rest}")


class Foreign(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def says(self, client, frame, answer):
        client.send(frame)
        self.assertEqual(client.recv(timeout=5), answer)

    def assert_closed(self, client, code, reason=None):
        with self.assertRaises(ConnectionClosed) as caught:
            while True:
                client.recv(timeout=5)
        self.assertEqual(caught.exception.rcvd.code, code)
        if reason is not None:
            self.assertEqual(caught.exception.rcvd.reason, reason)


class ChargePoint(Foreign):
    """OCPP 1.6J: [2, id, action, payload] is answered with [3, id, payload] or [4, id, code, description, details]."""

    def point(self, **more):
        return connect(self.server.base + "/ocpp/CP001", subprotocols=["ocpp1.6"], **more)

    def transfer(self, client, number, data):
        client.send(f'[2,"{number}","DataTransfer",{{"vendorId":"test","data":"{data}"}}]')

    def test_the_subprotocol_is_agreed_on(self):
        with self.point() as client:
            self.assertEqual(client.subprotocol, "ocpp1.6")
        with self.assertRaises(InvalidStatus) as caught:
            connect(self.server.base + "/ocpp/CP001", subprotocols=["ocpp2.0.1"])
        self.assertEqual(caught.exception.response.status_code, 400)

    def test_a_name_and_its_password_are_believed(self):
        pair = base64.b64encode(b"CP001:secret").decode()
        with self.point(additional_headers={"Authorization": f"Basic {pair}"}) as client:
            self.says(client, '[2,"1","Heartbeat",{}]', f'[3,"1",{{"currentTime":"{NOW}"}}]')

    def test_calls_are_answered(self):
        with self.point() as client:
            self.says(
                client,
                '[2,"19223201","BootNotification",{"chargePointVendor":"VendorX","chargePointModel":"SingleSocketCharger"}]',
                f'[3,"19223201",{{"currentTime":"{NOW}","interval":300,"status":"Accepted"}}]',
            )
            self.says(
                client,
                '[2,"2","BootNotification",{"chargePointVendor":"Nobody","chargePointModel":"x"}]',
                '[4,"2","SecurityError","unknown vendor",{}]',
            )
            self.says(client, '[2,"3","Authorize",{"idTag":"GOOD"}]', '[3,"3",{"idTagInfo":{"status":"Accepted"}}]')
            self.says(
                client,
                '[2,"4","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"SuspendedEVSE"}]',
                '[3,"4",{}]',
            )
            self.says(
                client,
                f'[2,"5","StartTransaction",{{"connectorId":1,"idTag":"GOOD","meterStart":41,"timestamp":"{NOW}"}}]',
                '[3,"5",{"transactionId":42,"idTagInfo":{"status":"Accepted"}}]',
            )

    def test_what_is_wrong_is_a_call_error_and_no_end(self):
        with self.point() as client:
            self.says(
                client,
                '[2,"a","Authorize",{}]',
                '[4,"a","OccurenceConstraintViolation","3.idTag: Field required",{}]',
            )
            self.says(
                client,
                '[2,"b","Authorize",{"idTag":7}]',
                '[4,"b","TypeConstraintViolation","3.idTag: Input should be a valid string",{}]',
            )
            self.says(
                client,
                '[2,"c","Authorize",{"idTag":""}]',
                '[4,"c","PropertyConstraintViolation","3.idTag: String should have at least 1 character",{}]',
            )
            client.send('[2,"d","Levitate",{}]')
            self.assertEqual(json.loads(client.recv(timeout=5))[:3], [4, "d", "NotImplemented"])
            self.says(
                client,
                '[2,"e","Authorize",{"idTag":"BROKEN"}]',
                '[4,"e","InternalError","The message could not be handled.",{}]',
            )
            self.says(
                client,
                '[2,"f","Authorize",{"idTag":"NEVER"}]',
                '[4,"f","GenericError","this tag is banned",{}]',
            )
            client.send('[2,"g","Authorize",{"idTag":"GOOD"}')
            self.assertEqual(json.loads(client.recv(timeout=5))[:3], [4, "g", "FormationViolation"])
            # What has no id, and answers to nothing, is passed over.
            for frame in ("[2,", "[]", '{"a":1}', '[3,"nobody",{"status":"Accepted"}]', '[4,"x","GenericError","",{}]'):
                client.send(frame)
            self.says(client, '[2,"h","Heartbeat",{}]', f'[3,"h",{{"currentTime":"{NOW}"}}]')

    def test_the_central_system_calls_until_it_has_its_reset(self):
        with self.point() as client:
            self.transfer(client, 1, "reset")
            call = json.loads(client.recv(timeout=5))
            self.assertEqual(call, [2, call[1], "Reset", {"type": "Soft"}])
            self.assertLessEqual(len(call[1]), 36)
            self.assertEqual(client.recv(timeout=5), '[3,"1",{"status":"Accepted"}]')
            client.send(f'[3,"{call[1]}",{{"status":"Rejected"}}]')
            again = json.loads(client.recv(timeout=5))
            self.assertEqual(again, [2, again[1], "Reset", {"type": "Hard"}])
            self.assertNotEqual(again[1], call[1])
            # A result that is none: the call stands, and an error ends it.
            client.send(f'[3,"{again[1]}",{{"status":"Maybe"}}]')
            client.send(f'[4,"{again[1]}","NotSupported","",{{}}]')
            third = json.loads(client.recv(timeout=5))
            self.assertEqual(third[2:], ["Reset", {"type": "Hard"}])
            client.send(f'[3,"{third[1]}",{{"status":"Accepted"}}]')
            self.says(client, '[2,"h","Heartbeat",{}]', f'[3,"h",{{"currentTime":"{NOW}"}}]')

    def test_a_call_may_wait_for_the_answer_to_another(self):
        answers = (
            ('[3,"{}",{{"status":"Accepted"}}]', '{"status":"Accepted"}'),
            ('[3,"{}",{{"status":"Rejected"}}]', '{"status":"Rejected"}'),
            ('[4,"{}","InternalError","no",{{}}]', '{"status":"Rejected","data":"an error"}'),
            (None, '{"status":"Rejected","data":"MSGC_ETIMEOUT"}'),
            ('[3,"{}",{{}}]', '{"status":"Rejected","data":"MSGC_ECONTRACT"}'),
        )
        with self.point() as client:
            for number, (answer, told) in enumerate(answers):
                ends_it = answer and ("status" in answer or "InternalError" in answer)
                self.transfer(client, number, "start" if ends_it else "start soon")
                call = json.loads(client.recv(timeout=5))
                self.assertEqual(call[2:], ["RemoteStartTransaction", {"idTag": "GOOD"}])
                client.send('[2,"later","Heartbeat",{}]')  # behind the transfer
                if answer:
                    client.send(answer.format(call[1]))
                self.assertEqual(client.recv(timeout=5), f'[3,"{number}",{told}]')
                self.assertEqual(client.recv(timeout=5), f'[3,"later",{{"currentTime":"{NOW}"}}]')


class Bot(Foreign):
    """Hello first, then Identify, Ready; heartbeats both ways; events with their names."""

    HELLO = '{"op":10,"d":{"heartbeat_interval":41250}}'
    IDENTIFY = '{"op":2,"d":{"token":"%s","intents":513,"properties":{"os":"linux","browser":"x","device":"x"}}}'

    def bot(self, query="?v=10&encoding=json"):
        return connect(self.server.base + "/gateway" + query)

    def greeted(self, client):
        self.assertEqual(client.recv(timeout=5), self.HELLO)

    def enter(self, client):
        self.greeted(client)
        client.send(self.IDENTIFY % "good")
        ready = json.loads(client.recv(timeout=5))
        self.assertEqual((ready["op"], ready["t"], ready["s"]), (0, "READY", 1))
        self.assertEqual(ready["d"]["v"], 10)
        self.assertEqual(ready["d"]["user"]["id"], "80351110224678912")
        self.assertEqual(ready["d"]["guilds"], [{"id": "41771983423143937", "unavailable": True}])

    def test_hello_comes_before_the_bot_has_said_a_word(self):
        with self.bot() as client:
            self.greeted(client)
            client.send(self.IDENTIFY % "bad")
            self.assert_closed(client, 4401)
        with self.bot() as client:
            self.greeted(client)
            self.says(client, '{"op":6,"d":{"token":"stale","session_id":"s0","seq":7}}', '{"op":9,"d":false}')
        with self.assertRaises(InvalidStatus) as caught:
            connect(self.server.base + "/gateway?v=5")
        self.assertEqual(caught.exception.response.status_code, 404)

    def test_heartbeats_and_events(self):
        with self.bot() as client:
            self.enter(client)
            self.says(client, '{"op":1,"d":null}', '{"op":11}')
            self.says(client, '{"op":1,"d":251}', '{"op":11}')
            client.send(
                '{"op":3,"d":{"since":null,"activities":[{"name":"chess","type":0}],"status":"online","afk":false}}'
            )
            event = json.loads(client.recv(timeout=5))
            self.assertEqual((event["op"], event["t"], event["s"]), (0, "MESSAGE_CREATE", 2))
            self.assertEqual(event["d"]["id"], "334385199974967042")
            self.assertEqual(event["d"]["author"]["username"], "nelly")
            self.assertEqual(client.recv(timeout=5), '{"op":1,"d":null}')
            self.says(
                client, '{"op":3,"d":{"since":1,"activities":[],"status":"idle","afk":true}}', '{"op":7,"d":null}'
            )

    def test_what_is_wrong_ends_it(self):
        for frame, reason in (('{"op":1,"d":"x"}', "d: Input should be a valid integer"), ('{"op":99}', None), ("{", None)):
            with self.bot() as client:
                self.enter(client)
                client.send(frame)
                self.assert_closed(client, 4400, reason)


del Foreign

if __name__ == "__main__":
    unittest.main()
