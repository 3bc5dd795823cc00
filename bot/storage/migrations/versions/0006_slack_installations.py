"""where the Slack app is installed

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'slack_installation',
        sa.Column('workspace', sa.String(), nullable=False),
        sa.Column('token', sa.LargeBinary(), nullable=False),
        sa.Column('team', sa.String(), nullable=False),
        sa.Column('enterprise', sa.String(), nullable=False),
        sa.Column('bot', sa.String(), nullable=False),
        sa.Column('scopes', sa.String(), nullable=False),
        sa.PrimaryKeyConstraint('workspace', name=op.f('pk_slack_installation')),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table('slack_installation')
