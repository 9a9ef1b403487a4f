"""Purchases and tagged answers in; the board of one person and of a study out (ボード).

A planner's board holds days from the first order and rounded amounts; quotes outside the
reader's scope (公開範囲) are left out and counted. Everything is read anew at every use.
"""
