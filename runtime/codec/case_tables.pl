#!/usr/bin/env perl
# SPDX-License-Identifier: MIT
# Writes case_tables.c: Unicode's simple case mappings as runs, from the data that comes with Perl.
#
# usage: case_tables.pl > case_tables.c
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap);

# [code point, what is added to it] of all that a mapping changes.
sub changes {
	my ($starts, $map, $format) = prop_invmap($_[0]);
	die "$_[0] comes as $format" unless $format =~ /^a/;
	my @changes;
	for my $i (0 .. $#$starts) {
		next unless $map->[$i];
		# The map's values are those of the run's first; the others go up with their code points.
		push @changes, map { [$_, $map->[$i] - $starts->[$i]] } $starts->[$i] .. $starts->[$i + 1] - 1;
	}
	return @changes;
}

# Runs of the same distance, each code point or every second one.
sub runs {
	my @runs;
	for my $change (changes($_[0])) {
		my ($code_point, $delta) = @$change;
		my $run = $runs[-1];
		my $step = $run ? $code_point - $run->{last} : 0;
		if ($run && $run->{delta} == $delta && $step <= 2 && ($run->{first} == $run->{last} || $step == $run->{step})) {
			@$run{'last', 'step'} = ($code_point, $step);
		} else {
			push @runs, {first => $code_point, last => $code_point, step => 1, delta => $delta};
		}
	}
	return @runs;
}

sub table {
	my ($name, $property) = @_;
	my @rows = map { sprintf "{0x%04X, 0x%04X, %d, %d},", @$_{qw(first last step delta)} } runs($property);
	print "const struct msgc__case_run msgc__${name}_runs[] = {\n";
	while (my @line = splice @rows, 0, 4) { print "\t@line\n"; }
	print "};\nconst size_t msgc__${name}_n = sizeof msgc__${name}_runs / sizeof *msgc__${name}_runs;\n";
}

my $version = Unicode::UCD::UnicodeVersion();
print <<"END";
/* SPDX-License-Identifier: MIT */
/*
 * Simple case mappings of Unicode $version, in ascending runs. Written by case_tables.pl; do not edit.
 */
#include "internal.h"

/* clang-format off */
END
table('lower', 'Simple_Lowercase_Mapping');
print "\n";
table('upper', 'Simple_Uppercase_Mapping');
print "/* clang-format on */\n";
