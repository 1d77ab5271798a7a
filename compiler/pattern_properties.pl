#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
# Writes pattern_properties.c: the binary properties and the scripts that ECMA-262 knows, from the Unicode data that comes with Perl.
#
# usage: pattern_properties.pl > pattern_properties.c
use strict;
use warnings;
use Unicode::UCD qw(prop_invlist prop_value_aliases prop_values prop_aliases);

# ECMA-262, table "Binary Unicode property aliases"; Any, Assigned and ASCII need no table.
my @binary = qw(
	ASCII_Hex_Digit Alphabetic Bidi_Control Bidi_Mirrored Case_Ignorable Cased Changes_When_Casefolded Changes_When_Casemapped
	Changes_When_Lowercased Changes_When_NFKC_Casefolded Changes_When_Titlecased Changes_When_Uppercased Dash
	Default_Ignorable_Code_Point Deprecated Diacritic Emoji Emoji_Component Emoji_Modifier Emoji_Modifier_Base Emoji_Presentation
	Extended_Pictographic Extender Grapheme_Base Grapheme_Extend Hex_Digit IDS_Binary_Operator IDS_Trinary_Operator ID_Continue
	ID_Start Ideographic Join_Control Logical_Order_Exception Lowercase Math Noncharacter_Code_Point Pattern_Syntax
	Pattern_White_Space Quotation_Mark Radical Regional_Indicator Sentence_Terminal Soft_Dotted Terminal_Punctuation
	Unified_Ideograph Uppercase Variation_Selector White_Space XID_Continue XID_Start
);
# Perl knows these by their long names only, or by more short ones than ECMA-262.
my %short = (ASCII_Hex_Digit => 'AHex', Emoji => '', Emoji_Component => 'EComp', Emoji_Modifier => 'EMod', Emoji_Modifier_Base => 'EBase',
	Emoji_Presentation => 'EPres', Extended_Pictographic => 'ExtPict', White_Space => 'space', Cased => '', Dash => '', Deprecated => 'Dep',
	Math => '', Radical => '', Bidi_Control => 'Bidi_C', Bidi_Mirrored => 'Bidi_M');

my (@bytes, @binary_rows, @script_rows);

# Bounds as the distance of each from the one before, seven bits a byte, lowest first; all but the last have the high bit. A set that
# reaches the end of Unicode has its last bound there.
sub add {
	my @bounds = @_;
	push @bounds, 0x110000 if @bounds % 2;
	my ($at, $before) = (scalar @bytes, 0);
	for my $bound (@bounds) {
		my $distance = $bound - $before;
		$before = $bound;
		for (; $distance > 127; $distance >>= 7) { push @bytes, $distance & 127 | 128; }
		push @bytes, $distance;
	}
	return "$at, " . scalar(@bounds);
}

sub quoted { return defined $_[0] && length $_[0] ? "\"$_[0]\"" : 'NULL'; }

for my $name (@binary) {
	my $short = exists $short{$name} ? $short{$name} : (prop_aliases($name))[0];
	push @binary_rows, sprintf("{\"%s\", %s, NULL, {%s}, {0, 0}},", $name, quoted($short), add(prop_invlist($name)));
}
for my $value (sort { $a cmp $b } prop_values('Script')) {
	my ($short, $long, $other) = prop_value_aliases('Script', $value);
	my @alone = prop_invlist("Script=$value");
	next unless @alone; # Katakana_Or_Hiragana: nothing has it, and other engines do not know it
	push @script_rows, sprintf("{\"%s\", %s, %s, {%s}, {%s}},", $long, quoted($short), quoted($other), add(@alone),
		add(prop_invlist("Script_Extensions=$value")));
}

sub rows {
	my ($name, @rows) = @_;
	print "const struct pattern_property ${name}[] = {\n", (map { "\t$_\n" } @rows), "};\n";
	print "const size_t ${name}_n = sizeof($name) / sizeof($name\[0]);\n\n";
}

my $version = Unicode::UCD::UnicodeVersion();
print <<"END";
/* SPDX-License-Identifier: MIT */
/*
 * pattern_properties.c - the binary properties and the scripts of every code point, Unicode $version.
 *
 * Written by pattern_properties.pl; do not edit.
 */
#include "pattern_parts.h"

/* clang-format off */
END
rows('pattern_binary', @binary_rows);
rows('pattern_scripts', @script_rows);
print "const uint8_t pattern_property_bytes[] = {";
my $column = 200;
for my $byte (@bytes) {
	if ($column + length($byte) + 1 > 119) { print "\n\t"; $column = 8; }
	print "$byte,";
	$column += length($byte) + 1;
}
print "\n};\n/* clang-format on */\n";
