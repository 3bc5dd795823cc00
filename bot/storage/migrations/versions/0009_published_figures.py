"""what was published of every wave, and who came and went between two of them

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ('members', 'joined', 'departed'):
        op.add_column('turnout', sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
    op.create_table(
        'member',
        sa.Column('participant_id', sa.Integer(), nullable=False),
        sa.Column('stratum_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['participant_id'], ['participant.id'], name=op.f('fk_member_participant_id')),
        sa.ForeignKeyConstraint(['stratum_id'], ['stratum.id'], name=op.f('fk_member_stratum_id')),
        sa.PrimaryKeyConstraint('participant_id', name=op.f('pk_member')),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f('ix_member_stratum_id'), 'member', ['stratum_id'])
    op.create_table(
        'published_figure',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('wave_id', sa.Integer(), nullable=False),
        sa.Column('measure', sa.String(), nullable=False),
        sa.Column('stratum_id', sa.Integer(), nullable=True),
        sa.Column('said', sa.String(), nullable=False),
        sa.Column('low', sa.Integer(), nullable=True),
        sa.Column('high', sa.Integer(), nullable=True),
        sa.Column('band', sa.String(), nullable=True),
        sa.Column('least', sa.Float(), nullable=True),
        sa.Column('largest', sa.Float(), nullable=True),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.Column('members', sa.Integer(), nullable=False),
        sa.Column('joined', sa.Integer(), nullable=False),
        sa.Column('departed', sa.Integer(), nullable=False),
        sa.Column('step_low', sa.Integer(), nullable=False),
        sa.Column('step_high', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['stratum_id'], ['stratum.id'], name=op.f('fk_published_figure_stratum_id')),
        sa.ForeignKeyConstraint(['wave_id'], ['wave.id'], name=op.f('fk_published_figure_wave_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_published_figure')),
        sa.UniqueConstraint(
            'wave_id', 'measure', 'stratum_id', name=op.f('uq_published_figure_wave_id_measure_stratum_id')
        ),
    )
    op.create_index(op.f('ix_published_figure_wave_id'), 'published_figure', ['wave_id'])


def downgrade() -> None:
    op.drop_table('published_figure')
    op.drop_table('member')
    for name in ('departed', 'joined', 'members'):
        op.drop_column('turnout', name)
